package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.model.Lock;
import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.SmallDisk;
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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRegistryTest extends HttpRegistryCase {

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

    @Nested
    class Push {

        @Test
        void aRepeatedPushAsksForTheManifestAndEachBlob() throws Exception {
            team.push(registry);
            server.forget();
            team.push(registry);

            assertThat(server.requests())
                    .hasSize(1 + server.blobs().size())
                    .contains("HEAD /v2/" + REPOSITORY + "/manifests/" + team.commit)
                    .allMatch(request -> request.startsWith("HEAD "));
        }

        @Test
        void aBlobThatTheRegistryLostIsSentAgain() throws Exception {
            team.push(registry);
            List<String> before = server.blobs();
            server.loseBlobs();
            server.forget();
            team.push(registry);

            assertThat(server.blobs()).isEqualTo(before);
            assertThat(server.requests("PUT")).hasSameSizeAs(before);
        }

        @Test
        void aBlobTakesTwoRequestsInANewRepository() throws Exception {
            team.push(registry);

            assertThat(server.requests("HEAD")).containsExactly("HEAD /v2/" + REPOSITORY + "/manifests/" + team.commit);
            assertThat(server.requests("POST")).hasSameSizeAs(server.blobs());
            assertThat(server.requests("PUT")).hasSize(server.blobs().size() + 1);
        }

        @Test
        void blobsInTheRegistryAreNotSentAgain() throws Exception {
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
        void aBlobOfAnotherRepositoryIsMounted(boolean tokens) throws Exception {
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
                    .filteredOn(request ->
                            request.contains("mount=") && !request.matches("POST /v2/(.+)/blobs/.*&from=\\1"))
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
        void aPinThatChangesDuringAPushIsKeptWithoutAManifest() throws Exception {
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
                    .contains(
                            "warn: hf:acme/tiny was pushed, but config/models.lock.json does not pin what was pushed any"
                                    + " more; it was not changed. Run mvn cache:download, then push again");
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
        void severalBuildsMayPushAndPullAtOnce() throws Exception {
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
    }

    @Nested
    class Pull {

        @Test
        void anotherMachineGetsTheSameCacheWithoutTheModelHub() throws Exception {
            team.push(registry);
            team.pull(registry);

            assertThat(team.hub.requests()).isEmpty();
            assertThat(TestProject.contents(team.hubCache(team.other)))
                    .isEqualTo(TestProject.contents(team.hubCache(team.one)));
            assertThat(server.manifests()).containsKey(REPOSITORY + ":" + team.commit);
        }

        @Test
        void aPullResumesAfterItWasKilled() throws Exception {
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
        void aFullDiskIsNamedAndTheNextPullResumes(boolean only) throws Exception {
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

        @Test
        void aPullResumesAfterALostConnection() throws Exception {
            team.push(registry);
            server.fault("GET", large(), Fault.cutAfter(100_000), Fault.status(503), Fault.HONEST);

            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
            assertThat(server.requests("GET"))
                    .filteredOn(request -> request.endsWith(large()))
                    .hasSize(3);
        }

        @Test
        void aRegistryCanBeReachedThroughAProxy() throws Exception {
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
        void aManifestThatDiffersFromTheLockFileIsRejected() throws Exception {
            team.push(registry);
            server.fault(
                    "GET",
                    "/manifests/sha256",
                    Fault.content(json -> bytes(new String(json, StandardCharsets.UTF_8) + " ")));

            assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("or a proxy before it, is wrong");
        }

        @Test
        void aMovedTagIsIgnoredIfTheLockFileNamesTheManifest() throws Exception {
            team.push(registry);
            server.manifests().put(REPOSITORY + ":" + team.commit, bytes("{}"));

            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }

        @Test
        void unknownMembersOfAManifestAreIgnored() throws Exception {
            team.plan(team.one, registry, Team.MODEL);
            server.fault(
                    "GET",
                    "/manifests/",
                    Fault.instead("{\"schemaVersion\":2", "{\"subject\":{\"a\":[1]},\"schemaVersion\":2"));

            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }

        @Test
        void aModelThatIsNotLockedIsNotPulled() throws Exception {
            Files.delete(team.other.lock().path());

            assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining("mvn cache:lock");
            assertThat(team.hub.requests()).isEmpty();
        }
    }
}
