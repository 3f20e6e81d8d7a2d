package io.github.modelcache.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.HubFixture;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalCachesTest {

    @TempDir
    Path folder;

    private TestProject project;
    private Path home;

    @BeforeEach
    void prepare() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        project = new TestProject(Files.createDirectories(folder.resolve("home/work/project")));
    }

    @Test
    void aFreshProjectHasNone() throws Exception {
        project.prepared("");
        Files.createDirectories(project.root().resolve(".cache/huggingface/hub"));
        Files.createDirectories(project.root().resolve(".cache/torch/hub/checkpoints"));

        assertThat(lying(Map.of())).isEmpty();
    }

    @Test
    void theLegacyFolderMayHoldAnyKind() throws Exception {
        Path legacy = project.root().resolve("shared/model-cache");
        new HubFixture(legacy, "acme/a").large("a.bin", "a");
        new HubFixture(legacy.resolve("huggingface/hub"), "acme/b").large("b.bin", "b");
        project.write("shared/model-cache/torch/hub/checkpoints/net.pth", "net");
        project.write("shared/model-cache/whisper/tiny.pt", "tiny");

        assertThat(lying(Map.of()))
                .containsExactly(
                        "own shared/model-cache/models--acme--a",
                        "own shared/model-cache/huggingface/hub/models--acme--b",
                        "own shared/model-cache/torch/hub/checkpoints/net.pth",
                        "own shared/model-cache/whisper/tiny.pt");
    }

    @Test
    void aLegacyFolderThatTheConfigUsesIsNoneOfThem() throws Exception {
        CacheConfig config = project.prepared("\"base_dir\": \"shared/model-cache\"");
        new HubFixture(config.hfHome().resolve("hub"), "acme/b").large("b.bin", "b");

        ExternalCaches caches = new ExternalCaches(config, home, Map.of());

        assertThat(caches.legacyFolder()).isEmpty();
        for (ExternalCache place : caches.places()) {
            assertThat(place.found()).isEmpty();
        }
    }

    @Test
    void modelsAtWrongPlacesOfTheRootsAreTheProjectsOwn() throws Exception {
        Path cache = project.root().resolve(".cache");
        new HubFixture(cache.resolve("huggingface"), "acme/split").large("a.bin", "a");
        new HubFixture(cache.resolve("huggingface/hub"), "acme/right").large("a.bin", "a");
        new HubFixture(cache.resolve("torch"), "acme/whisperx").large("a.bin", "a");
        new HubFixture(cache.resolve("torch/hub"), "acme/checker").large("a.bin", "a");

        assertThat(lying(Map.of()))
                .containsExactly(
                        "own .cache/huggingface/models--acme--split",
                        "own .cache/torch/models--acme--whisperx",
                        "own .cache/torch/hub/models--acme--checker");
    }

    @Test
    void modelsInTheWrongOneOfTheRootsAreTheProjectsOwn() throws Exception {
        CacheConfig config = project.config("");
        Path cache = project.root().resolve(".cache");
        for (String root : List.of("whisper", "mlx", "models", "djl", "mlx/hub", "")) {
            new HubFixture(cache.resolve(root), "acme/a").large("a.bin", "a");
        }
        write(cache.resolve("huggingface/base.pt"));
        write(cache.resolve("models/checkpoints/net.pth"));
        write(cache.resolve("whisper/net.pth"));
        write(cache.resolve("torch/net.pth"));
        write(cache.resolve("models/acme_net_main/hubconf.py"));

        assertThat(of(config, "hf:acme/a"))
                .containsExactlyInAnyOrder(
                        ".cache/whisper/models--acme--a",
                        ".cache/mlx/models--acme--a",
                        ".cache/mlx/hub/models--acme--a",
                        ".cache/models/models--acme--a",
                        ".cache/djl/models--acme--a",
                        ".cache/models--acme--a");
        assertThat(of(config, "whisper:base")).containsExactly(".cache/huggingface/base.pt");
        assertThat(of(config, "torch:https://h/net.pth"))
                .containsExactlyInAnyOrder(
                        ".cache/models/checkpoints/net.pth", ".cache/whisper/net.pth", ".cache/torch/net.pth");
        assertThat(of(config, "torchhub:acme/net")).containsExactly(".cache/models/acme_net_main");
    }

    /** Where a model lies at one of the places. */
    private List<String> of(CacheConfig config, String model) {
        return new ExternalCaches(config, home, Map.of())
                .places().stream()
                        .flatMap(place -> place.of(ModelReference.parse(model)).stream())
                        .filter(Files::exists)
                        .map(path -> project.root().relativize(path).toString())
                        .toList();
    }

    @Test
    void homeCachesAreShared() throws Exception {
        new HubFixture(home.resolve(".cache/huggingface/hub"), "acme/a").large("a.bin", "a");
        new HubFixture(home.resolve(".cache/torch/pyannote"), "acme/b").large("a.bin", "a");
        new HubFixture(home.resolve(".cache/mlx_whisper"), "acme/c").large("a.bin", "a");
        write(home.resolve(".cache/whisper/tiny.pt"));
        write(home.resolve(".cache/torch/hub/acme_net_main/hubconf.py"));

        assertThat(lying(Map.of()))
                .containsExactly(
                        "shared ../../.cache/huggingface/hub/models--acme--a",
                        "shared ../../.cache/torch/hub/acme_net_main",
                        "shared ../../.cache/torch/pyannote/models--acme--b",
                        "shared ../../.cache/whisper/tiny.pt",
                        "shared ../../.cache/mlx_whisper/models--acme--c");
    }

    @Test
    void inheritedVariablesAreFollowed() throws Exception {
        Path other = folder.resolve("other");
        new HubFixture(other.resolve("hf/hub"), "acme/a").large("a.bin", "a");
        new HubFixture(home.resolve("mine"), "acme/b").large("a.bin", "a");
        write(other.resolve("torch/hub/checkpoints/net.pth"));
        write(other.resolve("xdg/whisper/base.pt"));

        assertThat(lying(Map.of(
                        "HF_HOME",
                        other.resolve("hf").toString(),
                        "TRANSFORMERS_CACHE",
                        "~/mine",
                        "TORCH_HOME",
                        other.resolve("torch").toString(),
                        "XDG_CACHE_HOME",
                        other.resolve("xdg").toString(),
                        "HF_HUB_CACHE",
                        "relative",
                        "PYANNOTE_CACHE",
                        "")))
                .containsExactlyInAnyOrder(
                        "shared ../../../other/hf/hub/models--acme--a",
                        "shared ../../mine/models--acme--b",
                        "shared ../../../other/torch/hub/checkpoints/net.pth",
                        "shared ../../../other/xdg/whisper/base.pt");
    }

    @Test
    void aPlaceThatIsTheProjectsOwnByALinkIsNoneOfThem() throws Exception {
        Path hub = project.root().resolve(".cache/huggingface/hub");
        new HubFixture(hub, "acme/a").large("a.bin", "a");
        Files.createDirectories(home.resolve(".cache"));
        Files.createSymbolicLink(home.resolve(".cache/huggingface"), hub.getParent());

        assertThat(lying(Map.of("HF_HUB_CACHE", hub.toString()))).isEmpty();
    }

    @Test
    void aPlaceThatTheConfigGivesTransformersIsNoneOfThem() throws Exception {
        new HubFixture(project.root().resolve(".cache/huggingface"), "acme/a").large("a.bin", "a");
        CacheConfig config = project.config("\"transformers_cache\": \".cache/huggingface\"");

        assertThat(lying(config, Map.of())).isEmpty();
    }

    @Test
    void aRootThatIsALinkToAHomeCacheIsShared() throws Exception {
        Path shared = Files.createDirectories(home.resolve(".cache/huggingface"));
        new HubFixture(shared, "acme/split").large("a.bin", "a");
        Files.createDirectories(project.root().resolve(".cache"));
        Files.createSymbolicLink(project.root().resolve(".cache/huggingface"), shared);

        assertThat(lying(Map.of())).containsExactly("shared .cache/huggingface/models--acme--split");
    }

    @Test
    void knowsWhereAModelWouldLie() {
        Path at = Path.of("/place");
        assertThat(place(ExternalCache.Kind.HUB).of(ModelReference.parse("hf:acme/net")))
                .containsExactly(at.resolve("models--acme--net"));
        assertThat(place(ExternalCache.Kind.TORCH).of(ModelReference.parse("torch:https://a.b/c/net.pth?x=/y")))
                .containsExactly(at.resolve("checkpoints/net.pth"));
        assertThat(place(ExternalCache.Kind.TORCH).of(ModelReference.parse("torchhub:acme/net")))
                .containsExactly(at.resolve("acme_net_main"), at.resolve("acme_net_master"));
        assertThat(place(ExternalCache.Kind.TORCH).of(ModelReference.parse("torchhub:acme/net@v1/x")))
                .containsExactly(at.resolve("acme_net_v1_x"));
        assertThat(place(ExternalCache.Kind.WHISPER).of(ModelReference.parse("whisper:large")))
                .containsExactly(at.resolve("large-v3.pt"));
        assertThat(place(ExternalCache.Kind.WHISPER).of(ModelReference.parse("hf:acme/net")))
                .isEmpty();
        assertThat(place(ExternalCache.Kind.HUB).of(ModelReference.parse("hf:../../x")))
                .isEmpty();
    }

    private static ExternalCache place(ExternalCache.Kind kind) {
        return new ExternalCache(Path.of("/place"), kind, false, "test");
    }

    /** Each model that lies at one of the places, its path relative to the project. */
    private List<String> lying(Map<String, String> inherited) throws Exception {
        return lying(project.config(""), inherited);
    }

    private List<String> lying(CacheConfig config, Map<String, String> inherited) throws IOException {
        List<String> lying = new ArrayList<>();
        for (ExternalCache place : new ExternalCaches(config, home, inherited).places()) {
            for (Path path : place.found().values()) {
                lying.add((place.shared() ? "shared " : "own ") + project.root().relativize(path));
            }
        }
        return lying;
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
    }
}
