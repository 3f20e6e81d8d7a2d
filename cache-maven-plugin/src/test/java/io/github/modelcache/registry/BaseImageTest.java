package io.github.modelcache.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.oci.Registries;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models that are pushed as an image above another image, which another registry has. */
class BaseImageTest extends RegistryCase {

    private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
    private static final String REPOSITORY = "tools/busybox";

    private StandInRegistry other;
    private Registry base;

    @BeforeEach
    void servers() throws Exception {
        team.downloaded();
        other = StandInRegistry.start();
        base = Registries.open(RegistryAddress.parse(other.host()), Optional::empty, team.options());
        team.base = Optional.of(other.host() + "/" + REPOSITORY + ":1.37");
        team.image = Optional.of("tiny:1");
    }

    @AfterEach
    void close() {
        base.close();
        other.close();
    }

    @Test
    void isBelowTheModelsOfEachPlatform() throws Exception {
        Registry.Manifest amd64 = image("amd64", DOCKER_LAYER, 1, 1);
        Registry.Manifest arm64 = image("arm64", OCI_LAYER, 1, 1);
        index(Map.of(
                amd64,
                "{\"architecture\":\"amd64\",\"os\":\"linux\"}",
                arm64,
                "{\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\"}",
                image("s390x", OCI_LAYER, 1, 1),
                "{\"architecture\":\"s390x\",\"os\":\"linux\"}",
                image("unknown", OCI_LAYER, 1, 1),
                "{\"architecture\":\"unknown\",\"os\":\"unknown\"}"));
        push();

        String index = manifest("team/tiny:1");
        assertThat(index)
                .contains("\"variant\":\"v8\"")
                // The order is a part of the digest.
                .containsSubsequence(
                        "org.opencontainers.image.base.digest",
                        "\"org.opencontainers.image.base.name\":\"" + base() + "\"")
                .doesNotContain("s390x", "unknown");
        assertThat(manifestsOf(index)).hasSize(2).allSatisfy(manifest -> {
            assertThat(manifest.split(OCI_LAYER.replace("+", "\\+"), -1)).hasSize(2);
            assertThat(manifest).doesNotContain("docker");
            assertThat(manifest.indexOf(OCI_LAYER)).isLessThan(manifest.indexOf("io.github.modelcache.folder"));
        });
        assertThat(configs())
                .hasSize(2)
                .allSatisfy(config -> assertThat(config)
                        .contains("\"Cmd\":[\"sh\"]", "\"own\":\"label\"", "\"created\":\"2024-09-26T21:31:42Z\"")
                        .contains(
                                "io.github.modelcache.models",
                                "\"created_by\":\"base\"",
                                "\"created_by\":\"cache:push\"")
                        .containsSubsequence("\"diff_ids\":[\"" + diffId(0), "sha256:"));
        assertThat(server.blobs()).hasSize(5); // a layer of each platform, that of the model, two configs
    }

    @Test
    void mayBeMadeForOnePlatform() throws Exception {
        base.putManifest(REPOSITORY, "1.37", image("arm64", OCI_LAYER, 2, 2));
        push();

        assertThat(manifest("team/tiny:1")).contains("arm64").doesNotContain("amd64");
        assertThat(manifestsOf(manifest("team/tiny:1"))).hasSize(1);
    }

    @Test
    void isAskedForByItsDigest() throws Exception {
        Registry.Manifest image = image("amd64", OCI_LAYER, 1, 1);
        base.putPart(REPOSITORY, image);
        team.base = Optional.of(other.host() + "/" + REPOSITORY + "@" + image.digest());
        push();

        assertThat(manifest("team/tiny:1")).contains("\"org.opencontainers.image.base.digest\":\"" + image.digest());
    }

    @Test
    void isNotFetchedAgainWhenNothingChanged() throws Exception {
        base.putManifest(REPOSITORY, "1.37", image("amd64", OCI_LAYER, 2, 2));
        push();
        var before = Map.copyOf(server.manifests());
        other.forget();
        push();

        assertThat(server.manifests().keySet()).isEqualTo(before.keySet());
        assertThat(other.requests("GET")).hasSize(2); // the manifest and the config
    }

    @Test
    void doesNotStandInTheWayOfAPull() throws Exception {
        base.putManifest(REPOSITORY, "1.37", image("amd64", OCI_LAYER, 3, 3));
        push();
        team.share();
        team.pull(server.host() + "/team");

        Path model = Path.of("models--acme--tiny");
        assertThat(TestProject.contents(team.hubCache(team.other).resolve(model)))
                .isEqualTo(TestProject.contents(team.hubCache(team.one).resolve(model)));
    }

    @Test
    void isRefusedWhereItCannotBeCopied() throws Exception {
        refused("does not exist; check cache.image.base");
        base.putManifest(REPOSITORY, "1.37", image("amd64", OCI_LAYER, 2, 1));
        refused("has 2 layers, but its config names 1");
        base.putManifest(REPOSITORY, "1.37", image("amd64", OCI_LAYER, 28, 28));
        refused("has 28 layers; at most 27 are supported");
        base.putManifest(
                REPOSITORY, "1.37", image("amd64", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", 1, 1));
        refused("which can't be copied");
        index(Map.of(image("amd64", OCI_LAYER, 1, 1), "{\"architecture\":\"amd64\",\"os\":\"windows\"}"));
        refused("is not made for Linux on amd64 or arm64");
        other.manifests().put(REPOSITORY + ":1.37", "{\"schemaVersion\":1}".getBytes(StandardCharsets.UTF_8));
        refused("has no config, so it is not an image");
        assertThat(server.manifests()).isEmpty();
    }

    private void refused(String reason) {
        assertThatThrownBy(this::push)
                .hasMessageContaining("The base image " + other.host())
                .hasMessageContaining(reason);
    }

    private void push() throws Exception {
        team.pushImage(server.host() + "/team", Team.MODEL);
    }

    private String base() {
        return other.host() + "/" + REPOSITORY + ":1.37";
    }

    private Registry.Manifest image(String architecture, String type, int layers, int diffIds) throws Exception {
        String config = put(
                """
                {"architecture":"%s","os":"linux","created":"2024-09-26T21:31:42Z",\
                "config":{"Cmd":["sh"],"Labels":{"own":"label"}},\
                "rootfs":{"type":"layers","diff_ids":[%s]},"history":[{"created_by":"base"}]}\
                """.formatted(
                                architecture,
                                IntStream.range(0, diffIds)
                                        .mapToObj(i -> "\"" + diffId(i) + "\"")
                                        .collect(Collectors.joining(","))),
                "application/vnd.oci.image.config.v1+json");
        StringBuilder described = new StringBuilder();
        for (int i = 0; i < layers; i++) {
            described.append(i == 0 ? "" : ",").append(put(architecture + i, type));
        }
        return Registry.Manifest.ofImage(
                Registry.MANIFEST_TYPE,
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
                        .formatted(Registry.MANIFEST_TYPE, config, described));
    }

    private static String diffId(int layer) {
        return "sha256:" + "%064x".formatted(layer + 1);
    }

    private String put(String content, String type) throws Exception {
        Registry.Blob blob = Registry.Blob.of(content);
        base.put(REPOSITORY, blob, Optional.empty(), TransferProgress.NONE);
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(type, blob.digest(), blob.size());
    }

    private void index(Map<Registry.Manifest, String> platforms) throws Exception {
        StringBuilder named = new StringBuilder();
        for (Map.Entry<Registry.Manifest, String> each : platforms.entrySet()) {
            base.putPart(REPOSITORY, each.getKey());
            named.append(named.isEmpty() ? "" : ",")
                    .append("{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d,\"platform\":%s}"
                            .formatted(
                                    Registry.MANIFEST_TYPE,
                                    each.getKey().digest(),
                                    each.getKey().bytes().length,
                                    each.getValue()));
        }
        base.putManifest(
                REPOSITORY,
                "1.37",
                Registry.Manifest.ofImage(
                        Registry.INDEX_TYPE,
                        "{\"schemaVersion\":2,\"mediaType\":\"" + Registry.INDEX_TYPE + "\",\"manifests\":[" + named
                                + "]}"));
    }

    private String manifest(String name) {
        return new String(Optional.ofNullable(server.manifests().get(name)).orElseThrow(), StandardCharsets.UTF_8);
    }

    private List<String> manifestsOf(String index) {
        return ImageTest.digests(index).stream()
                .map(digest -> manifest("team/tiny:" + digest))
                .toList();
    }

    /** The configs of the pushed image, read from the registry. */
    private List<String> configs() throws Exception {
        try (Registry pushed = Registries.open(RegistryAddress.parse(server.host()), Optional::empty, team.options())) {
            List<String> configs = new ArrayList<>();
            for (String manifest : manifestsOf(manifest("team/tiny:1"))) {
                Path file = folder.resolve("config" + configs.size());
                pushed.fetch(
                        "team/tiny",
                        Digest.parse(ImageTest.digests(manifest).get(0)),
                        file,
                        new ExpectedContent(-1, Optional.empty()),
                        TransferProgress.NONE);
                configs.add(Files.readString(file));
            }
            return configs;
        }
    }
}
