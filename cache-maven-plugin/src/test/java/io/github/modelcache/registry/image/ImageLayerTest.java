package io.github.modelcache.registry.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.testing.HubFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageLayerTest {

    private static final long NINE_GIB = 9L << 30;
    private static final int BLOCK = 512;
    private static final Digest DIGEST = Digest.parse("sha256:" + "1".repeat(64));

    @TempDir
    Path folder;

    @Test
    void knowsWhereAFileIsBehindOneAboveEightGib() throws Exception {
        ImageModel model = new ImageModel(
                new HubFixture(folder, "acme/tiny").small("a", "").resolved(),
                "models",
                Stream.of(file("a.bin", NINE_GIB + 1), file("b.bin", 3)).toList());
        ImageLayer layer = new ImageLayer(model, model.files());

        long large = Objects.requireNonNull(layer.offsets().get("a.bin"));
        long behind = Objects.requireNonNull(layer.offsets().get("b.bin"));
        assertThat(large).isGreaterThan(2 * BLOCK).isLessThan(8 * BLOCK); // a folder, a pax record and a header
        assertThat(behind).isEqualTo(large + NINE_GIB + BLOCK + BLOCK);
        assertThat(layer.size()).isEqualTo(behind + BLOCK + 2 * BLOCK);
        assertThat(new LayerPlan(16 << 20).layers(model)).hasSize(2);
    }

    private ImageModel.Entry file(String name, long size) {
        return new ImageModel.Entry(
                "models/" + name, folder.resolve(name), new ModelFile(name, size, Optional.of(DIGEST), ""));
    }

    @Test
    void hasTheSameRecipeForTheSameFilesOnly() throws Exception {
        ImageModel model = new ImageModel(
                new HubFixture(folder, "acme/tiny").small("a", "").resolved(),
                "models",
                List.of(file("a.bin", 1), file("b.bin", 1)));

        assertThat(new ImageLayer(model, model.files()).recipe())
                .isEqualTo(new ImageLayer(model, List.of(file("a.bin", 1), file("b.bin", 1))).recipe())
                .isNotEqualTo(new ImageLayer(model, List.of(file("a.bin", 1))).recipe())
                .isNotEqualTo(new ImageLayer(model, List.of(file("a.bin", 1), file("c.bin", 1))).recipe())
                .isNotEqualTo(new ImageLayer(model, List.of(file("a.bin", 1), file("b.bin", 2))).recipe());
    }
}
