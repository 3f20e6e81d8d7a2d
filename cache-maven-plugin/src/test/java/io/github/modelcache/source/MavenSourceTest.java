package io.github.modelcache.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MavenSourceTest {

    private static final ModelReference MODEL = ModelReference.parse("maven:org.acme:model:1.0");

    @TempDir
    Path folder;

    private Path jar(String... names) throws Exception {
        Path jar = folder.resolve("model.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
            }
        }
        return jar;
    }

    private static MavenSource source(Path jar) {
        return new MavenSource(new ArtifactResolver() {
            @Override
            public Path resolve(MavenCoordinates coordinates) {
                return jar;
            }

            @Override
            public Optional<String> license(MavenCoordinates coordinates) {
                return Optional.empty();
            }
        });
    }

    @Test
    void takesAllButClassesAndMetaInf() throws Exception {
        MavenSource source = source(jar("b/model.bin", "META-INF/x", "A.class", "a.txt"));
        assertThat(source.resolve(ModelDeclaration.of(MODEL)).files())
                .extracting(ModelFile::path)
                .containsExactly("a.txt", "b/model.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\b.bin", "a//b.bin", "a/./b.bin"})
    void refusesAFileThatTheLockCouldNotName(String name) throws Exception {
        MavenSource source = source(jar("good.bin", name));
        assertThatThrownBy(() -> source.resolve(ModelDeclaration.of(MODEL)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds a file whose name '" + name + "'");
        ModelDeclaration without = new ModelDeclaration(
                MODEL, Optional.empty(), List.of(), List.of("*b.bin"), false, Optional.empty(), Optional.empty());
        assertThat(source.resolve(without).files()).extracting(ModelFile::path).containsExactly("good.bin");
    }
}
