package io.github.modelcache.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Models that are pushed as an image, and pulled from it. */
class ImageTest extends RegistryCase {

    private static final String TWO =
            "\"models\": [\"hf:acme/tiny\", {\"model\": \"hf:acme/other\", \"name\": \"second\"}]";
    private static final Pattern TAG = Pattern.compile("team/image:[0-9a-f]{12}");
    /** The smallest file with a layer of its own. */
    private static final int LARGE = 16 << 20;

    @Nested
    class APush {

        @Test
        void putsAnIndexOfTwoPlatformsWithTheSameLayer() throws Exception {
            team.downloaded();
            team.pushImage(registry, Team.MODEL);

            assertThat(server.manifests().keySet())
                    .anyMatch(name -> TAG.matcher(name).matches());
            assertThat(manifest(tag())).contains("\"amd64\"", "\"arm64\"", "hf:acme/tiny@" + team.commit);
            List<String> platforms = digests(manifest(tag()));
            assertThat(platforms).hasSize(2);
            assertThat(layers(platforms.get(0))).hasSize(1).isEqualTo(layers(platforms.get(1)));
            assertThat(server.blobs()).hasSize(3); // the layer and two configs
        }

        @Test
        void givesTheSameDigestFromAnotherMachineAndLeavesTheLockAlone() throws Exception {
            team.downloaded();
            String lock = Files.readString(team.one.lock().path());
            team.pushImage(registry, Team.MODEL);
            var first = new TreeMap<>(server.manifests());
            team.pull(registry);
            team.downloaded();
            Files.delete(team.one.root().resolve(".cache/.modelcache/layers.txt"));
            team.pushImage(registry, Team.MODEL);

            assertThat(server.manifests()).containsExactlyInAnyOrderEntriesOf(first);
            assertThat(Files.readString(team.one.lock().path())).isEqualTo(lock);
        }

        @Test
        void asksForTheManifestsAndBlobsAndSendsNothingWhenNothingChanged() throws Exception {
            team.downloaded();
            team.pushImage(registry, Team.MODEL);
            server.forget();
            team.pushImage(registry, Team.MODEL);

            assertThat(server.requests()).hasSize(6).allMatch(request -> request.startsWith("HEAD "));
        }

        @Test
        void sendsALayerAgainThatTheRegistryLost() throws Exception {
            team.downloaded();
            team.pushImage(registry, Team.MODEL);
            List<String> before = server.blobs();
            server.loseBlobs();
            assertThatThrownBy(() -> team.pull(registry))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("the registry has lost this content")
                    .hasMessageContaining("push it again");
            team.pushImage(registry, Team.MODEL);

            assertThat(server.blobs()).isEqualTo(before);
            team.pull(registry);
            assertSame();
        }

        @Test
        void sendsOnlyTheModelThatChanged() throws Exception {
            second("first version");
            team.pushImage(registry, TWO);
            second("second version");
            server.forget();
            team.pushImage(registry, TWO);

            assertThat(server.requests("PUT").stream().filter(put -> put.contains("/blobs/")))
                    .hasSize(3); // its layer and two configs
        }

        @Test
        void givesALargeFileALayerOfItsOwn() throws Exception {
            new TestProject(team.origin).write("large.bin", "x".repeat(LARGE));
            team.commit = team.hub.add("acme/tiny", team.origin);
            team.downloaded();
            team.pushImage(registry, Team.MODEL);

            assertThat(layers(digests(manifest(tag())).get(0))).hasSize(2);
            team.pull(registry);
            assertSame();
        }

        @Test
        void putsTheFilesOfOneModelIntoModelsAndOfSeveralIntoFolders() throws Exception {
            second("x");
            team.pushImage(registry, TWO);
            assertThat(folders()).containsExactlyInAnyOrder("models/tiny", "models/second");

            server.manifests().clear();
            team.image = Optional.of("one:1");
            team.pushImage(registry, TWO, "second");
            assertThat(folders()).containsOnly("models");
            assertThat(server.manifests()).containsKey("team/one:1");
        }

        @Test
        void printsAPlanFirst() throws Exception {
            team.downloaded();
            Plan plan = team.pushImage(registry, Team.MODEL);

            assertThat(plan.actions())
                    .singleElement()
                    .satisfies(action -> assertThat(action.describe(""))
                            .matches("push hf:acme/tiny as an image \\(.*\\) to"
                                    + " 127.0.0.1:\\d+/team/image:[0-9a-f]{12}"));
        }

        @Test
        void refusesNamesThatRegistriesDoNotAllow() throws Exception {
            team.downloaded();
            for (String name : List.of("Team/Models:1", "a b", "x:", "x:-1", "http://h/x", "../x:1", ":1", "a//b:1")) {
                team.image = Optional.of(name);
                assertThatThrownBy(() -> team.pushImage(registry, Team.MODEL))
                        .as(name)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("cache.image is '" + name + "', expected a name such as");
            }
        }

        @Test
        void refusesAModelThatIsNotComplete() throws Exception {
            team.downloaded();
            Files.delete(
                    team.hubCache(team.one).resolve("models--acme--tiny/snapshots/" + team.commit + "/" + Team.SMALL));

            assertThatThrownBy(() -> team.pushImage(registry, Team.MODEL))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("run mvn cache:download, then push");
            assertThat(server.requests()).isEmpty();
        }

        @Test
        void refusesAFileThatAnImageWouldDeleteAnotherBy() throws Exception {
            new TestProject(team.origin).write("sub/.wh.config.json", "{}");
            team.commit = team.hub.add("acme/tiny", team.origin);
            team.downloaded();

            assertThatThrownBy(() -> team.pushImage(registry, Team.MODEL))
                    .hasMessageContaining("hf:acme/tiny can't be in an image")
                    .hasMessageContaining("begins with .wh.");
        }

        @Test
        void putsNoManifestWhenALayerIsNotTaken() throws Exception {
            team.downloaded();
            server.fault("PUT", "/blobs/uploads", Fault.status(500));

            assertThatThrownBy(() -> team.pushImage(registry, Team.MODEL)).isInstanceOf(TransferException.class);
            assertThat(server.manifests()).isEmpty();
        }
    }

    @Nested
    class APull {

        @Test
        void restoresTheCacheAsTheDownloadMadeIt() throws Exception {
            team.downloaded();
            team.pushImage(registry, Team.MODEL);
            team.pull(registry);

            assertSame();
        }

        @Test
        void worksWithUnicodeNamesEmptyFilesAndDeepFolders() throws Exception {
            TestProject origin = new TestProject(team.origin);
            origin.write("d/" + "e".repeat(180) + "/模型 é.txt", "content");
            origin.write("d/" + "f".repeat(99) + "/" + "g".repeat(99), "content");
            origin.write("zero/empty.bin", "");
            team.commit = team.hub.add("acme/tiny", team.origin);
            team.downloaded();
            team.pushImage(registry, Team.MODEL);
            team.pull(registry);

            assertSame();
        }

        @Test
        void worksFromAFolder() throws Exception {
            team.downloaded();
            String nas = folder.resolve("nas").toUri().toString();
            team.pushImage(nas, Team.MODEL);
            var before = TestProject.contents(folder.resolve("nas"));
            team.pushImage(nas, Team.MODEL);
            assertThat(TestProject.contents(folder.resolve("nas"))).isEqualTo(before);
            team.pull(nas);

            assertSame();
        }

        @Test
        void readsTheImageThatTheUserNames() throws Exception {
            second("x");
            team.image = Optional.of("kserve/tiny:v1");
            team.pushImage(registry, TWO, "tiny");
            team.share();
            team.pull(registry);

            assertSame();
        }

        @Test
        void resumesWithinAFileOfALayer() throws Exception {
            team.downloaded();
            team.pushImage(registry, Team.MODEL);
            server.fault("GET", "/blobs/", Fault.cutAfter(150_000), Fault.cutAfter(150_000), Fault.HONEST);
            team.pull(registry);

            assertSame();
            assertThat(server.ranges()).hasSizeGreaterThan(2);
        }

        @Test
        void takesNothingThatTheRegistryChanged() throws Exception {
            team.downloaded();
            team.pushImage(registry, Team.MODEL);
            server.fault("GET", "/blobs/", Fault.content(bytes -> {
                byte[] changed = bytes.clone();
                for (int i = 0; i < changed.length; i++) {
                    changed[i] ^= 1;
                }
                return changed;
            }));

            assertThatThrownBy(() -> team.pull(registry)).isInstanceOf(ModelException.class);
            assertThat(team.hubCache(team.other).resolve("models--acme--tiny/refs"))
                    .doesNotExist();
        }

        @Test
        void saysWhichLayerAHalfDeletedImageHasLost() throws Exception {
            team.downloaded();
            String nas = folder.resolve("nas").toUri().toString();
            team.pushImage(nas, Team.MODEL);
            try (var blobs = Files.walk(folder.resolve("nas/blobs"))) {
                Path largest = blobs.filter(Files::isRegularFile)
                        .max((a, b) ->
                                Long.compare(a.toFile().length(), b.toFile().length()))
                        .orElseThrow();
                Files.delete(largest);
                assertThatThrownBy(() -> team.pull(nas))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining(String.valueOf(largest.getFileName()));
            }
            team.pushImage(nas, Team.MODEL);
            team.pull(nas);
            assertSame();
        }

        @Test
        void refusesAnImageOfOtherFiles() throws Exception {
            team.downloaded();
            team.image = Optional.of("x:1");
            team.pushImage(registry, Team.MODEL);
            for (String change :
                    List.of("\"size\":", "sha256:", "io.github.modelcache.large-file-bytes", "\"layers\"")) {
                String platform = digests(manifest("team/x:1")).get(0);
                String lying =
                        manifest("team/x:" + platform).replace(change, "\"size\":".equals(change) ? "\"size\":1" : "x");
                server.manifests().put("team/x:1", lying.getBytes(StandardCharsets.UTF_8));
                assertThatThrownBy(() -> team.pull(registry)).as(change).isInstanceOf(ModelException.class);
                team.pushImage(registry, Team.MODEL);
            }
            assertThat(team.hub.requests()).isEmpty();
        }
    }

    private void second(String content) throws Exception {
        Path origin = Files.createDirectories(folder.resolve("origin2"));
        new TestProject(origin).write("other.txt", content);
        team.hub.add("acme/other", origin);
        if (team.one.lock().exists()) {
            Files.delete(team.one.lock().path());
        }
        team.bring(team.one, Optional.empty(), TWO);
        team.hub.forget();
    }

    private void assertSame() throws Exception {
        assertThat(team.hub.requests()).isEmpty();
        Path model = Path.of("models--acme--tiny");
        assertThat(TestProject.contents(team.hubCache(team.other).resolve(model)))
                .isEqualTo(TestProject.contents(team.hubCache(team.one).resolve(model)));
    }

    private String tag() {
        return server.manifests().keySet().stream()
                .filter(name -> TAG.matcher(name).matches())
                .findFirst()
                .orElseThrow();
    }

    private String manifest(String name) {
        return new String(Optional.ofNullable(server.manifests().get(name)).orElseThrow(), StandardCharsets.UTF_8);
    }

    private List<String> layers(String manifest) {
        String text = manifest("team/image:" + manifest);
        return digests(text.substring(text.indexOf("\"layers\"")));
    }

    private List<String> folders() {
        return server.manifests().values().stream()
                .flatMap(bytes -> Pattern.compile("modelcache.folder\":\"([^\"]*)")
                        .matcher(new String(bytes, StandardCharsets.UTF_8))
                        .results()
                        .map(found -> found.group(1)))
                .distinct()
                .toList();
    }

    static List<String> digests(String json) {
        Matcher digest = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})").matcher(json);
        return digest.results().map(found -> found.group(1)).toList();
    }
}
