package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.registry.Team;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryFailureTest extends HttpRegistryCase {

    private static Fault refusal(String code) {
        return asked -> {
            byte[] body = bytes("{\"errors\": [{\"code\": \"" + code + "\", \"message\": \"no\"}]}");
            asked.exchange().getRequestBody().readAllBytes();
            asked.exchange().sendResponseHeaders(400, body.length);
            asked.exchange().getResponseBody().write(body);
            return true;
        };
    }

    /** Only whoever waits for a silent server needs to give up. */
    private void run(String problem, Scenario scenario) throws Exception {
        if (problem.equals(SILENT)) {
            givingUp(scenario);
        } else {
            scenario.run();
        }
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

    private static byte[] flipped(byte[] honest) {
        byte[] other = honest.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    @Nested
    class Push {

        @Test
        void aFullRegistryIsNamed() throws Exception {
            server.fault("PUT", "/blobs/uploads", Fault.status(507));

            assertThatThrownBy(() -> team.push(registry)).hasMessageContaining("no room left");
            assertThat(server.manifests()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(ints = {403, 429, 500})
        void aRejectedPushDoesNotChangeTheLockFile(int status) throws Exception {
            String before = Files.readString(team.one.lock().path());
            server.fault("POST", "uploads", Fault.status(status));

            assertThatThrownBy(() -> team.push(registry)).hasMessageContaining(String.valueOf(status));
            assertThat(server.manifests()).isEmpty();
            assertThat(team.one.lock().path()).hasContent(before);
        }

        @Test
        void anUploadIsRepeatedAfterATemporaryFailure() throws Exception {
            server.fault("PUT", "/blobs/uploads", Fault.status(502), Fault.HONEST);

            team.push(registry);
            team.pull(registry);
            assertThat(team.pulled(Team.LARGE)).hasContent(Team.LARGE_CONTENT);
        }

        @Test
        void anUploadThatStallsFails() throws Exception {
            givingUp(() -> {
                server.fault("PUT", "/blobs/uploads", Fault.SILENCE);

                assertThatThrownBy(() -> team.push(registry)).hasMessageContaining(SILENT);
                assertThat(server.manifests()).isEmpty();
            });
        }

        @Test
        void aFileThatChangedDuringThePushIsRejected() throws Exception {
            server.fault("PUT", "/blobs/uploads", refusal("DIGEST_INVALID"));

            assertThatThrownBy(() -> team.push(registry)).hasMessageContaining("not what its digest says");
        }

        @Test
        void aBlobThatIsRejectedWithoutAReasonMayHaveChanged() throws Exception {
            server.fault("PUT", "/blobs/uploads", Fault.status(400));

            assertThatThrownBy(() -> team.push(registry))
                    .hasMessageContaining("answered 400")
                    .hasMessageContaining("If the file changed meanwhile")
                    .hasMessageNotContaining("status 400");
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PUT"})
        void aRejectedNameIsNotReportedAsAChangedFile(String method) throws Exception {
            server.fault(method, "/blobs/uploads", refusal("NAME_INVALID"));

            assertThatThrownBy(() -> team.push(registry))
                    .hasMessageContaining("the registry says NAME_INVALID")
                    .hasMessageContaining("answered 400")
                    .hasMessageNotContaining("changed")
                    .hasMessageNotContaining("digest says");
        }
    }

    @Nested
    class Pull {

        @ParameterizedTest
        @MethodSource("io.github.modelcache.oci.RegistryFailureTest#lies")
        void aWrongAnswerIsAnErrorAndNothingIsPublished(String where, Fault lie, String problem) throws Exception {
            run(problem, () -> requireError(where, lie, problem));
        }

        @Test
        void anErrorOfTheStorageIsNotReportedAsOneOfTheRegistry() throws Exception {
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
    }

    @Nested
    class RegistryBeforeTheModelHub {

        @ParameterizedTest
        @MethodSource("io.github.modelcache.oci.RegistryFailureTest#lies")
        void aWrongAnswerIsAWarning(String where, Fault lie, String problem) throws Exception {
            run(problem, () -> requireWarning(where, lie, problem));
        }

        @Test
        void aRegistryThatIsDownIsOneWarningAndIsTriedOnceForAllModels() throws Exception {
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
        void aStorageThatIsDownIsOneWarningAndIsTriedOnceForAllFiles() throws Exception {
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
        void aRedirectToAnImpossiblePortIsAWarning() throws Exception {
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
    }
}
