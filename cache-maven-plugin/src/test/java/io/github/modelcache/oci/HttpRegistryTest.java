package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.SmallDisk;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRegistryTest {

    private static final String REPOSITORY = "team/models/hf/acme/tiny";
    private static final String SILENT = "time limit";
    private static final ModelReference TINY = ModelReference.parse("hf:acme/tiny");
    private static final ModelReference TWIN = ModelReference.parse("hf:acme/twin");

    @TempDir
    Path folder;

    private Team team;
    private StandInRegistry server;
    private String registry;

    @BeforeEach
    void start() throws Exception {
        team = new Team(Files.createTempDirectory(folder, "team")).downloaded();
        server = StandInRegistry.start();
        registry = server.host() + "/team/models";
    }

    @AfterEach
    void close() {
        server.close();
        team.close();
    }

    @Test
    void anotherMachineHasTheVerySameCacheWithoutAskingTheHub() throws Exception {
        team.push(registry);
        team.pull(registry);

        assertThat(team.hub.requests()).isEmpty();
        assertThat(TestProject.contents(team.hubCache(team.other)))
                .isEqualTo(TestProject.contents(team.hubCache(team.one)));
        assertThat(server.manifests()).containsKey(REPOSITORY + ":" + team.commit);
    }

    @Test
    void aRepeatedPushIsOneRequest() throws Exception {
        team.push(registry);
        server.forget();
        team.push(registry);

        assertThat(server.requests()).containsExactly("HEAD /v2/" + REPOSITORY + "/manifests/" + team.commit);
    }

    @Test
    void aContentTakesTwoRequestsIntoANewRepository() throws Exception {
        team.push(registry);

        assertThat(server.requests("HEAD")).containsExactly("HEAD /v2/" + REPOSITORY + "/manifests/" + team.commit);
        assertThat(server.requests("POST")).hasSameSizeAs(server.blobs());
        assertThat(server.requests("PUT")).hasSize(server.blobs().size() + 1);
    }

    @Test
    void contentsThatAreThereAreNotSentAgain() throws Exception {
        team.push(registry);
        server.manifests().clear();
        server.forget();
        team.push(registry);

        assertThat(server.requests("POST")).allMatch(request -> request.contains("?mount="));
        assertThat(server.requests("PUT")).hasSize(1);
        assertThat(team.one.said()).last().asString().contains("every content was there");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aContentOfAnotherRepositoryIsMounted(boolean tokens) throws Exception {
        if (tokens) {
            server.wantsTokens("me", "secret");
            team.login = Optional.of(new RegistryCredentials("me", "secret"));
        }
        team.hub.add("acme/twin", team.origin);
        String both = "\"models\": [\"hf:acme/tiny\", \"hf:acme/twin\"]";
        team.bring(team.one, Optional.empty(), both);
        team.plan(team.one, registry, both);

        // The config blob names the model, so each has its own.
        assertThat(server.requests("PUT"))
                .as(() -> String.join("\n", server.requests()))
                .filteredOn(request -> request.contains("/blobs/"))
                .hasSize(4);
        assertThat(server.requests("POST").stream()
                        .distinct() // a request that needs another token comes again
                        .toList())
                .map(request -> URLDecoder.decode(request, StandardCharsets.UTF_8))
                .filteredOn(
                        request -> request.contains("mount=") && !request.matches("POST /v2/(.+)/blobs/.*&from=\\1"))
                .hasSize(2);
    }

    @Test
    void aModelThatIsLockedDuringAPushStaysLocked() throws Exception {
        team.hub.add("acme/twin", team.origin);
        Lock both = lockOf("\"models\": [\"hf:acme/tiny\", \"hf:acme/twin\"]");
        lockOf(Team.MODEL);
        whileItIsPushed(both);

        team.push(registry);

        Lock after = team.lock(team.one);
        assertThat(after.versions(TWIN)).hasSize(1).isEqualTo(both.versions(TWIN));
        assertThat(after.versions(TINY).get(0).manifest()).isPresent();
        assertThat(team.one.said()).noneMatch(line -> line.startsWith("warn: "));
    }

    @Test
    void aPinThatMovesDuringAPushStaysWhereItIsAndGetsNoManifest() throws Exception {
        Lock before = team.lock(team.one);
        Files.writeString(team.origin.resolve(Team.SMALL), "{}");
        team.hub.add("acme/tiny", team.origin);
        team.update(team.one);
        Lock moved = team.lock(team.one);
        team.one.lock().write(before);
        whileItIsPushed(moved);

        team.push(registry);

        assertThat(team.lock(team.one)).isEqualTo(moved).isNotEqualTo(before);
        assertThat(team.one.said())
                .contains("warn: hf:acme/tiny was pushed, but config/models.lock.json does not pin what was pushed any"
                        + " more; it stays as it is. Run mvn cache:download, then push again");
    }

    private Lock lockOf(String members) throws Exception {
        team.bring(team.one, Optional.empty(), members);
        return team.lock(team.one);
    }

    /** Another build writes the lock when all contents are sent. */
    private void whileItIsPushed(Lock other) {
        server.fault("PUT", "/manifests/", asked -> {
            team.one.lock().write(other);
            return false;
        });
    }

    @Test
    void aPullGoesOnWhereItWasKilled() throws Exception {
        team.push(registry);
        server.fault("GET", large(), Fault.cutAfter(100_000), Fault.status(404));
        assertThatThrownBy(() -> team.pull(registry)).isInstanceOf(ModelException.class);
        assertThat(team.pulled(Team.LARGE)).doesNotExist();
        server.repent();

        team.pull(registry);
        assertThat(server.ranges()).last().isEqualTo("bytes=100000-");
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDiskThatFillsInTheMiddleOfAPullIsNamedAndTheNextPullGoesOn(boolean only) throws Exception {
        team.push(registry);
        Path cache = team.other.root().resolve(".cache");
        try (SmallDisk disk = SmallDisk.on(cache, 1 << 10)) {
            team.progress = () -> new Filling(disk);

            assertThatThrownBy(() -> team.bring(team.other, Optional.of(new Team.From(registry, only)), Team.MODEL))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("is full") // of whichever file noticed it first
                    .hasMessageContaining("make room");
            assertThat(team.pulled(Team.LARGE)).doesNotExist();

            Files.delete(cache.resolve("ballast"));
            team.progress = () -> TransferProgress.NONE;
            team.pull(registry);
            assertThat(server.ranges()).singleElement().asString().matches("bytes=[1-9][0-9]+-");
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }
        assertThat(team.hub.requests()).isEmpty();
    }

    /** Fills the disk when a part of the large file is on it. */
    private record Filling(SmallDisk disk) implements TransferProgress {

        @Override
        public void started(URI uri, long resumedFrom, long total) {}

        @Override
        public void progressed(long bytes) {
            if (bytes > Team.SMALL_BYTES) {
                try {
                    disk.fill();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void succeeded() {}

        @Override
        public void failed(Exception e) {}
    }

    @Test
    void aRegistryThatDiesInTheMiddleIsAskedForTheRest() throws Exception {
        team.push(registry);
        server.fault("GET", large(), Fault.cutAfter(100_000), Fault.status(503), Fault.HONEST);

        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(server.requests("GET"))
                .filteredOn(request -> request.endsWith(large()))
                .hasSize(3);
    }

    @Test
    void storageElsewhereGetsNoCredentials() throws Exception {
        server.wantsBasic("me", "secret").redirects();
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        team.push(registry);
        team.pull(registry);

        assertThat(server.requests("STORAGE")).hasSize(2);
        assertThat(server.leaked()).isEmpty();
    }

    @Test
    void aRegistryBehindAProxyIsOneToo() throws Exception {
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        team.proxies = uri -> new Proxy(
                Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved("127.0.0.1", server.uri().getPort()));
        team.push("http://registry.invalid/team");
        team.pull("http://registry.invalid/team");

        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(server.manifests()).containsKey("team/hf/acme/tiny:" + team.commit);
    }

    @Test
    void tokensAreAskedForEachRepositoryAndRenewed() throws Exception {
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        team.push(registry);

        assertThat(server.scopes()).containsExactly("repository:" + REPOSITORY + ":pull,push");
        server.forget();
        server.fault("GET", large(), Fault.meanwhile(server::expireTokens), Fault.HONEST);
        team.pull(registry);
        assertThat(server.scopes()).contains("repository:" + REPOSITORY + ":pull");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenThatEndsWhileALargeFileIsSentIsRenewed(boolean proxied) throws Exception {
        String large = "0123456789".repeat(600_000);
        Files.writeString(team.origin.resolve(Team.LARGE), large);
        team.commit = team.hub.add("acme/tiny", team.origin);
        team.update(team.one);
        team.bring(team.one, Optional.empty(), Team.MODEL);
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        server.fault("PUT", "/blobs/uploads", expired(), Fault.HONEST);
        String address = registry;
        if (proxied) {
            address = "http://registry.invalid/team";
            team.proxies = uri -> new Proxy(
                    Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved("127.0.0.1", server.uri().getPort()));
        }
        team.push(address);

        team.pull(address);
        assertThat(team.pulled(Team.LARGE)).hasContent(large);
    }

    /** The registry reads all, and then knows the token no more. */
    private Fault expired() {
        return asked -> {
            asked.exchange().getRequestBody().readAllBytes();
            server.expireTokens();
            asked.exchange().getResponseHeaders().set("WWW-Authenticate", server.challenge());
            asked.exchange().sendResponseHeaders(401, -1);
            return true;
        };
    }

    @Test
    void aRegistryWithoutRoomIsNamed() throws Exception {
        server.fault("PUT", "/blobs/uploads", Fault.status(507));

        assertThatThrownBy(() -> team.push(registry)).hasMessageContaining("no room left");
        assertThat(server.manifests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wrongCredentialsAreAnErrorThatSaysWhereToPutThem(boolean tokens) throws Exception {
        if (tokens) {
            server.wantsTokens("me", "secret");
        } else {
            server.wantsBasic("me", "secret");
        }
        for (Optional<RegistryCredentials> login :
                List.of(Optional.<RegistryCredentials>empty(), Optional.of(new RegistryCredentials("me", "hunter2")))) {
            team.login = login;
            assertThatThrownBy(() -> team.push(registry))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(server.host())
                    .hasMessageContaining("401")
                    .hasMessageContaining("settings.xml")
                    .hasMessageNotContaining("hunter2");
        }
        assertThat(server.blobs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429, 500})
    void aPushThatIsRefusedLeavesTheLockAsItWas(int status) throws Exception {
        String before = Files.readString(team.one.lock().path());
        server.fault("POST", "uploads", Fault.status(status));

        assertThatThrownBy(() -> team.push(registry)).hasMessageContaining(String.valueOf(status));
        assertThat(server.manifests()).isEmpty();
        assertThat(team.one.lock().path()).hasContent(before);
    }

    @Test
    void anUploadThatFailsForAMomentIsBegunAnew() throws Exception {
        server.fault("PUT", "/blobs/uploads", Fault.status(502), Fault.HONEST);

        team.push(registry);
        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void aRegistryThatStallsWhileItIsSentToIsGivenUp() throws Exception {
        givingUp(() -> {
            server.fault("PUT", "/blobs/uploads", Fault.SILENCE);

            assertThatThrownBy(() -> team.push(registry)).hasMessageContaining(SILENT);
            assertThat(server.manifests()).isEmpty();
        });
    }

    @Test
    void aFileThatChangedMeanwhileIsRefusedByTheRegistry() throws Exception {
        server.fault("PUT", "/blobs/uploads", refusal("DIGEST_INVALID"));

        assertThatThrownBy(() -> team.push(registry)).hasMessageContaining("not what its digest says");
    }

    @Test
    void aContentThatIsRefusedWithoutAReasonMayHaveChanged() throws Exception {
        server.fault("PUT", "/blobs/uploads", Fault.status(400));

        assertThatThrownBy(() -> team.push(registry))
                .hasMessageContaining("answered 400")
                .hasMessageContaining("If the file changed meanwhile")
                .hasMessageNotContaining("status 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void aNameThatTheRegistryDoesNotTakeIsNotCalledAChangedFile(String method) throws Exception {
        server.fault(method, "/blobs/uploads", refusal("NAME_INVALID"));

        assertThatThrownBy(() -> team.push(registry))
                .hasMessageContaining("the registry says NAME_INVALID")
                .hasMessageContaining("answered 400")
                .hasMessageNotContaining("changed")
                .hasMessageNotContaining("digest says");
    }

    private static Fault refusal(String code) {
        return asked -> {
            byte[] body = bytes("{\"errors\": [{\"code\": \"" + code + "\", \"message\": \"no\"}]}");
            asked.exchange().getRequestBody().readAllBytes();
            asked.exchange().sendResponseHeaders(400, body.length);
            asked.exchange().getResponseBody().write(body);
            return true;
        };
    }

    @Test
    void aStorageThatWantsALoginGetsNone() throws Exception {
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        team.push(registry);
        try (StandInRegistry storage = StandInRegistry.start().wantsTokens("me", "secret")) {
            server.fault("GET", large(), Fault.elsewhere(storage.uri().resolve("/large")));

            assertThatThrownBy(() -> team.pull(registry))
                    .hasMessageContaining("redirected to " + storage.uri())
                    .hasMessageContaining("answered 401")
                    .hasMessageNotContaining("docker login");
            assertThat(storage.requests()).isNotEmpty().allMatch(request -> request.equals("GET /large"));
        }
    }

    @Test
    void aStorageThatRefusesIsNotCalledTheRegistry() throws Exception {
        team.push(registry);
        try (StandInRegistry storage = StandInRegistry.start()) {
            storage.fault("GET", "/large", Fault.status(403));
            server.fault("GET", large(), Fault.elsewhere(storage.uri().resolve("/large")));

            assertThatThrownBy(() -> team.pull(registry))
                    .hasMessageContaining("redirected to " + storage.uri())
                    .hasMessageContaining("403")
                    .hasMessageNotContaining("The registry");
        }
    }

    @Test
    void aPlaceToUploadOnAnotherHostGetsNoLogin() throws Exception {
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        try (StandInRegistry storage = StandInRegistry.start().wantsTokens("me", "secret")) {
            server.fault("POST", "/blobs/uploads", asked -> {
                asked.exchange().getResponseHeaders().set("Location", storage.uri() + "/place");
                asked.exchange().sendResponseHeaders(202, -1);
                return true;
            });

            assertThatThrownBy(() -> team.push(registry))
                    .hasMessageContaining(storage.uri() + "/place answered 401")
                    .hasMessageNotContaining("docker login");
            assertThat(storage.requests()).isNotEmpty().allMatch(request -> request.startsWith("PUT /place"));
        }
    }

    @Test
    void aRegistryWhoseStorageIsDownIsAWarningAndOneAttemptForAllFiles() throws Exception {
        for (int i = 0; i < 100; i++) {
            Files.writeString(team.origin.resolve(i + ".txt"), "content " + i);
        }
        team.commit = team.hub.add("acme/tiny", team.origin);
        team.update(team.one);
        team.bring(team.one, Optional.empty(), Team.MODEL);
        team.push(registry);
        server.losesItsStorage().forget();

        team.downloadFirstFrom(registry);

        assertThat(team.pulled("99.txt")).hasContent("content 99");
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(team.other.said())
                .filteredOn(line -> line.startsWith("warn: "))
                .singleElement()
                .asString()
                .contains("The registry " + registry + " can't be used");
        assertThat(server.requests("GET"))
                .filteredOn(request -> request.contains("/blobs/"))
                .hasSizeBetween(3, 36); // those under way when the first was given up: 12 at once, each three times
    }

    @Test
    void tokensThatEndAgainAndAgainDuringOneFileAreRenewed() throws Exception {
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        team.push(registry);
        Fault cut = asked -> {
            server.expireTokens();
            return Fault.cutAfter(60_000).answer(asked);
        };
        server.fault("GET", large(), cut, cut, cut, cut, Fault.HONEST);

        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void tokensThatAreNeverGoodEnoughAreNotAskedForForEver() throws Exception {
        team.push(registry);
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        server.fault("GET", "/manifests/", expired());
        server.forget();

        assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("docker login");
        assertThat(server.scopes()).hasSizeLessThan(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/team/blobs", "/team/manifests/x", "/blobs/uploads"})
    void aPrefixMayLookLikeAPartOfAnAddress(String prefix) throws Exception {
        server.wantsTokens("me", "secret");
        team.login = Optional.of(new RegistryCredentials("me", "secret"));
        team.push(server.host() + prefix);
        team.pull(server.host() + prefix);

        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void severalMayPushAndPullAtOnce() throws Exception {
        team.push(registry);
        String another = server.host() + "/another";
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            List<Callable<Object>> all = List.of(
                    () -> team.plan(team.one, another, Team.MODEL),
                    () -> team.plan(team.one, another, Team.MODEL),
                    () -> team.pull(registry),
                    () -> team.pull(registry),
                    () -> team.pull(registry));
            for (Future<Object> done : threads.invokeAll(all)) {
                assertThat(done.get()).isNotNull();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(server.manifests().get("another/hf/acme/tiny:" + team.commit))
                .isEqualTo(server.manifests().get(REPOSITORY + ":" + team.commit));
    }

    /** Only whoever waits for a silent server needs to give up. */
    private void run(String problem, Scenario scenario) throws Exception {
        if (problem.equals(SILENT)) {
            givingUp(scenario);
        } else {
            scenario.run();
        }
    }

    private void givingUp(Scenario scenario) throws Exception {
        Patience.growing(patience -> {
            close();
            start();
            team.patience = patience;
            scenario.run();
        });
    }

    private interface Scenario {
        void run() throws Exception;
    }

    /** Nothing comes any more after the first bytes, not on a new connection either. */
    private static Fault stalls() {
        return asked -> Fault.stallAfter(asked.from() == 0 ? 1000 : 0).answer(asked);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                Arguments.of("/manifests/", Fault.PAGE, "HTML page"),
                Arguments.of("/manifests/", Fault.status(403), "403"),
                Arguments.of("/manifests/", Fault.status(404), "is not in the registry"),
                Arguments.of("/manifests/", Fault.status(500), "500"),
                Arguments.of("/manifests/", Fault.status(429, "Retry-After: 9999"), "9999"),
                Arguments.of("/manifests/", Fault.SILENCE, SILENT),
                Arguments.of("/manifests/", Fault.cutAfter(50), "ended"),
                Arguments.of("/manifests/", Fault.content(json -> new byte[5 << 20]), "more than"),
                Arguments.of("/manifests/", Fault.content(json -> bytes("[]")), "not a manifest"),
                Arguments.of("/manifests/", Fault.content(json -> bytes("{\"layers\": 1}")), "no layers"),
                Arguments.of("/manifests/", Fault.instead("hf:acme/tiny", "hf:evil/tiny"), "hf:evil/tiny, not"),
                Arguments.of("/manifests/", Fault.instead(Team.LARGE, "../../../x"), "leaves its folder"),
                Arguments.of("/manifests/", Fault.instead(Team.LARGE, "/etc/passwd"), "is absolute"),
                Arguments.of("/manifests/", Fault.instead(Team.SMALL, "other.json"), "has no file config.json"),
                Arguments.of("/manifests/", Fault.instead("\"size\":300000", "\"size\":300001"), "but the lock says"),
                Arguments.of("/manifests/", Fault.instead("\"size\":300000", "\"size\":-1"), "without a size"),
                Arguments.of("/manifests/", Fault.instead("sha256:", "sha512:"), "expected sha256"),
                Arguments.of(
                        "/manifests/", Fault.instead("image.manifest", "image.other"), "expected a model's manifest"),
                Arguments.of("/manifests/", Fault.instead("image.manifest", "image.index"), "names no manifests"),
                Arguments.of(large(), Fault.content(honest -> flipped(honest)), "expected is"),
                Arguments.of(large(), Fault.content(honest -> bytes("another blob")), "expected are"),
                Arguments.of(large(), Fault.PAGE, "HTML page"),
                Arguments.of(large(), Fault.PAGE_IN_CHUNKS, "HTML page"),
                Arguments.of(large(), Fault.COMPRESSED, "encoding"),
                Arguments.of(large(), Fault.CIRCLE, "loop"),
                Arguments.of(large(), Fault.status(403), "403"),
                Arguments.of(large(), Fault.status(404), "404"),
                Arguments.of(large(), Fault.status(500), "500"),
                Arguments.of(large(), Fault.SILENCE, SILENT),
                Arguments.of(large(), stalls(), SILENT),
                Arguments.of(large(), Fault.cutAfter(0), "ended after 0"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aRegistryThatLiesIsAnErrorAndNothingIsPublished(String where, Fault lie, String problem) throws Exception {
        run(problem, () -> requireError(where, lie, problem));
    }

    private void requireError(String where, Fault lie, String problem) throws Exception {
        team.plan(team.one, registry, Team.MODEL); // the other machine's lock names no manifest
        server.fault("GET", where, lie);

        Throwable failure = catchThrowable(() -> team.pull(registry));

        assertThat(failure)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("hf:acme/tiny")
                .hasMessageContaining(problem);
        assertThat(team.pulled(Team.LARGE)).doesNotExist();
        assertThat(team.hubCache(team.other).resolve("models--acme--tiny/refs")).doesNotExist();
        assertThat(team.hub.requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aRegistryThatIsAskedFirstAndLiesIsAWarning(String where, Fault lie, String problem) throws Exception {
        run(problem, () -> requireWarning(where, lie, problem));
    }

    private void requireWarning(String where, Fault lie, String problem) throws Exception {
        team.plan(team.one, registry, Team.MODEL);
        server.fault("GET", where, lie);

        team.downloadFirstFrom(registry);

        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(TestProject.contents(team.hubCache(team.other)))
                .isEqualTo(TestProject.contents(team.hubCache(team.one)));
        if (!problem.equals("is not in the registry")) {
            assertThat(team.other.said()).anyMatch(line -> line.startsWith("warn: ") && line.contains(problem));
        }
    }

    @Test
    void aManifestThatIsNotTheOneOfTheLockIsRefused() throws Exception {
        team.push(registry);
        server.fault(
                "GET",
                "/manifests/sha256",
                Fault.content(json -> bytes(new String(json, StandardCharsets.UTF_8) + " ")));

        assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("or a proxy before it, is wrong");
    }

    @Test
    void aTagThatWasMovedDoesNotMatterToALockThatNamesTheManifest() throws Exception {
        team.push(registry);
        server.manifests().put(REPOSITORY + ":" + team.commit, bytes("{}"));

        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void membersThatAreNotKnownAreNoProblem() throws Exception {
        team.plan(team.one, registry, Team.MODEL);
        server.fault(
                "GET",
                "/manifests/",
                Fault.instead("{\"schemaVersion\":2", "{\"subject\":{\"a\":[1]},\"schemaVersion\":2"));

        team.pull(registry);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
    }

    @Test
    void aRegistryThatIsDownIsAWarningAndOneAttemptForAllModels() throws Exception {
        team.hub.add("acme/twin", team.origin);
        String both = "\"models\": [\"hf:acme/tiny\", \"hf:acme/twin\"]";
        team.bring(team.one, Optional.empty(), both);
        team.share();
        server.close();

        team.bring(team.other, Optional.of(new Team.From(registry, false)), both);
        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(team.other.said())
                .filteredOn(line -> line.startsWith("warn: The registry " + registry + " can't be used"))
                .hasSize(1);
    }

    @Test
    void aRegistryThatLeadsToAPortThatNoServerCanHaveIsAWarning() throws Exception {
        server.fault("GET", "/manifests/", asked -> {
            asked.exchange().getResponseHeaders().set("Location", "http://127.0.0.1:65536/x");
            asked.exchange().sendResponseHeaders(302, -1);
            return true;
        });

        team.downloadFirstFrom(registry);

        assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        assertThat(team.other.said())
                .filteredOn(line -> line.startsWith("warn: The registry " + registry + " can't be used"))
                .hasSize(1);
    }

    @Test
    void aModelThatIsNotLockedIsNotPulled() throws Exception {
        Files.delete(team.other.lock().path());

        assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("mvn cache:lock");
        assertThat(team.hub.requests()).isEmpty();
    }

    private static String large() {
        return "/blobs/" + StandInRegistry.digest(bytes(Team.LARGE_CONTENT));
    }

    private static byte[] flipped(byte[] honest) {
        byte[] other = honest.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
