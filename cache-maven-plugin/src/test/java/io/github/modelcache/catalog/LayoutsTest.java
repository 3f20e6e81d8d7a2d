package io.github.modelcache.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.modelcache.family.ModelFamily;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutsTest {

    @Test
    void everySchemeHasALayoutAndNoOtherHas(@TempDir Path folder) throws Exception {
        Layouts layouts = new Layouts(new TestProject(folder).config(""));

        assertThat(ModelReference.SCHEMES)
                .allMatch(
                        scheme -> layouts.find(new ModelReference(scheme, "x")).isPresent());
        assertThat(ModelFamilies.ALL.stream().map(ModelFamily::scheme)).hasSameElementsAs(ModelReference.SCHEMES);
        assertThat(layouts.find(new ModelReference("quantum", "x"))).isEmpty();
    }

    @Test
    void eachModelGoesToTheLayoutOfItsScheme(@TempDir Path folder) throws Exception {
        Layouts layouts = new Layouts(new TestProject(folder).config(""));

        assertThat(layouts.all()).hasSize(8).contains(layouts.hub());
        assertThat(layouts.of(model("hf:acme/tiny"))).isSameAs(layouts.hub());
        assertThat(layouts.hub().root()).isEqualTo(folder.resolve(".cache/huggingface/hub"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layouts.of(model("quantum:x")))
                .withMessageContaining("'quantum:'");
    }

    @Test
    void thePluginsOwnFilesLieBesideTheModels(@TempDir Path folder) throws Exception {
        PluginDirectory own = new PluginDirectory(new TestProject(folder).config(""));
        Path base = folder.resolve(".cache");

        assertThat(own.tag().file()).isEqualTo(base.resolve("CACHEDIR.TAG"));
        assertThat(own.folder()).isEqualTo(base.resolve(".modelcache"));
        assertThat(own.stampIndex()).isEqualTo(base.resolve(".modelcache/stamps.bin"));
        assertThat(own.lastVerification()).isEqualTo(base.resolve(".modelcache/verified.json"));
        assertThat(own.downloads()).isEqualTo(base.resolve(".modelcache/downloads"));
        assertThat(own.reports()).isEqualTo(base.resolve("reports"));
    }

    private static ResolvedModel model(String reference) {
        return new ResolvedModel(
                ModelReference.parse(reference), ModelRequest.PLAIN, "1", Optional.empty(), false, List.of());
    }
}
