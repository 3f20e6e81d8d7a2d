package io.github.modelcache.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.model.ModelReference;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutsTest {

    @Test
    void everySchemeHasALayoutAndNoOtherHas(@TempDir Path folder) throws Exception {
        Layouts layouts = new Layouts(new TestProject(folder).config(""));

        assertThat(ModelReference.SCHEMES)
                .allMatch(
                        scheme -> layouts.find(new ModelReference(scheme, "x")).isPresent());
        assertThat(layouts.find(new ModelReference("quantum", "x"))).isEmpty();
    }
}
