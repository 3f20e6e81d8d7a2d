package io.github.modelcache.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelException;
import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A model with more files than a manifest can name: the long paths of 1,200 files are as good as 12,000 short ones. */
class ManyFilesTest extends RegistryCase {

    private static final int FILES = 1_200;
    private static final String DEEP =
            (String.join("/", "d".repeat(200), "e".repeat(200), "f".repeat(200)) + "/").repeat(3);
    private static final String REPOSITORY = "team/hf/acme/tiny";

    private void many() throws Exception {
        TestProject origin = new TestProject(team.origin);
        for (int i = 0; i < FILES; i++) {
            origin.write(DEEP + i + ".txt", "content " + i % 10);
        }
        team.commit = team.hub.add("acme/tiny", team.origin);
        team.downloaded();
    }

    @Test
    void isAnIndexOfManifestsThatAnotherMachinePulls() throws Exception {
        many();
        team.push(registry);
        team.pull(registry);

        assertSame();
        assertThat(text(team.commit)).contains("image.index.v1+json", "\"manifests\":[{", "hf:acme/tiny");
        assertThat(server.manifests()).hasSize(4); // the index by tag and by digest, and its two parts
    }

    @Test
    void isPushedOnceAndAlwaysGetsTheSameDigest() throws Exception {
        many();
        team.push(registry);
        var lock = team.lock(team.one);
        server.forget();
        team.push(registry);
        assertThat(server.requests())
                .hasSize(3 + server.blobs().size())
                .allMatch(request -> request.startsWith("HEAD "));

        String nas = folder.resolve("nas").toUri().toString();
        team.push(nas);
        assertThat(team.lock(team.one)).isEqualTo(lock);
        var before = TestProject.contents(folder.resolve("nas"));
        team.push(nas);
        assertThat(TestProject.contents(folder.resolve("nas"))).isEqualTo(before);
        team.pull(nas);
        assertSame();
    }

    @Test
    void aFolderThatLostAManifestGetsItAgain() throws Exception {
        many();
        Path nas = folder.resolve("nas");
        String address = nas.toUri().toString();
        team.push(address);
        String index = Files.readString(nas.resolve("blobs/sha256")
                .resolve(team.lock(team.one)
                        .models()
                        .iterator()
                        .next()
                        .manifest()
                        .orElseThrow()
                        .hex()));
        String part = index.replaceFirst("(?s).*?\"digest\":\"sha256:([0-9a-f]{64}).*", "$1");
        Files.delete(nas.resolve("blobs/sha256").resolve(part));

        assertThatThrownBy(() -> team.pull(address)).hasMessageContaining("sha256:" + part + ", which is not there");
        team.push(address);
        team.pull(address);
        assertSame();
    }

    @Test
    void aRegistryThatLostAManifestGetsItAgain() throws Exception {
        many();
        team.push(registry);
        String part = text(team.commit).replaceFirst("(?s).*?\"digest\":\"(sha256:[0-9a-f]{64}).*", "$1");
        server.manifests().remove(REPOSITORY + ":" + part);

        assertThatThrownBy(() -> team.pull(registry)).hasMessageContaining(part + ", which is not there");
        team.push(registry);
        team.pull(registry);
        assertSame();
    }

    static Stream<Arguments> lies() {
        String other = "sha256:" + "0".repeat(64);
        return Stream.of(
                Arguments.of(
                        Fault.content(json -> bytes(index("{\"digest\":\"" + other + "\"}"))),
                        other + ", which is not there"),
                Arguments.of(Fault.content(json -> bytes(index("{\"digest\":\"md5:1\"}"))), "expected sha256"),
                Arguments.of(Fault.content(json -> bytes(index("{}"))), "manifest with the digest ''"),
                Arguments.of(Fault.content(json -> bytes(index("1,2"))), "has no file"),
                Arguments.of(
                        Fault.content(json -> bytes(index(("{\"digest\":\"" + other + "\"},").repeat(101) + "{}"))),
                        "names 102 manifests"),
                Arguments.of(
                        Fault.content(json -> bytes(index("{}")
                                .replace(
                                        "{\"media",
                                        "{\"annotations\":{\"io.github.modelcache.model\":\"hf:evil/tiny\"},\"media"))),
                        "hf:evil/tiny, not"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void anIndexThatLiesIsAnErrorAndNothingIsPublished(Fault lie, String problem) throws Exception {
        pushedWithoutTelling();
        server.fault("GET", "/manifests/" + team.commit, lie);

        refused(problem);
    }

    static Stream<Arguments> partsThatLie() {
        return Stream.of(
                Arguments.of(
                        "\"org.cncf.model.filepath\":\"w", "\"org.cncf.model.filepath\":\"../w", "leaves its folder"),
                Arguments.of("hf:acme/tiny", "hf:evil/tiny", "hf:evil/tiny, not"),
                Arguments.of("image.manifest.v1", "image.index.v1", "expected a model's manifest"),
                Arguments.of("\"layers\"", "\"Layers\"", "no layers"));
    }

    @ParameterizedTest
    @MethodSource("partsThatLie")
    void aPartThatLiesIsAnErrorAndNothingIsPublished(String honest, String lie, String problem) throws Exception {
        pushedWithoutTelling();
        byte[] lying = bytes(text(team.commit).replace(honest, lie));
        String digest = StandInRegistry.digest(lying);
        server.manifests().put(REPOSITORY + ":" + digest, lying);
        server.manifests().put(REPOSITORY + ":" + team.commit, bytes(index("{\"digest\":\"" + digest + "\"}")));

        refused(problem);
    }

    @Test
    void aPartThatIsNotWhatTheIndexNamesIsAnError() throws Exception {
        pushedWithoutTelling();
        String digest = StandInRegistry.digest(bytes(text(team.commit)));
        server.manifests().put(REPOSITORY + ":" + team.commit, bytes(index("{\"digest\":\"" + digest + "\"}")));
        server.fault("GET", "/manifests/sha256", Fault.content(json -> bytes("{}")));

        refused("or a proxy before it, is wrong");
    }

    /** The other machine's lock names no manifest, so that the tag decides. */
    private void pushedWithoutTelling() throws Exception {
        team.downloaded();
        team.plan(team.one, registry, Team.MODEL);
    }

    private void refused(String problem) {
        assertThatThrownBy(() -> team.pull(registry))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("hf:acme/tiny")
                .hasMessageContaining(problem);
        assertThat(team.hubCache(team.other).resolve("models--acme--tiny/refs")).doesNotExist();
        assertThat(team.hub.requests()).isEmpty();
    }

    private void assertSame() throws Exception {
        assertThat(team.hub.requests()).isEmpty();
        assertThat(TestProject.contents(team.hubCache(team.other)))
                .isEqualTo(TestProject.contents(team.hubCache(team.one)));
    }

    private String text(String reference) {
        byte[] manifest = Optional.ofNullable(server.manifests().get(REPOSITORY + ":" + reference))
                .orElseThrow();
        return new String(manifest, StandardCharsets.UTF_8);
    }

    private static String index(String manifests) {
        return "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[" + manifests + "]}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
