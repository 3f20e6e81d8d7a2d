package io.github.modelcache.family.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ArtifactResolver;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return new MavenSource(
                new ArtifactResolver() {
                    @Override
                    public Path resolve(MavenCoordinates coordinates) {
                        return jar;
                    }

                    @Override
                    public String version(MavenCoordinates coordinates) {
                        return "2.0";
                    }

                    @Override
                    public Optional<String> newer(MavenCoordinates coordinates) {
                        return Optional.of("9.0")
                                .filter(newest -> coordinates.version().startsWith("1"));
                    }

                    @Override
                    public Optional<String> license(MavenCoordinates coordinates) {
                        return Optional.empty();
                    }
                },
                jar.resolveSibling("scratch"));
    }

    @Test
    void metadataTellsANewerVersion() throws Exception {
        MavenSource source = source(jar("model.bin"));
        ModelDeclaration declared = ModelDeclaration.of(MODEL);
        assertThat(source.latest(declared, source.resolve(declared))
                        .orElseThrow()
                        .revision())
                .isEqualTo("9.0");

        ModelDeclaration newest = ModelDeclaration.of(ModelReference.parse("maven:org.acme:model:LATEST"));
        ResolvedModel locked = source.resolve(newest);
        assertThat(locked.revision()).isEqualTo("2.0");
        assertThat(source.latest(newest, locked).orElseThrow().revision()).isEqualTo("2.0");
    }

    @Test
    void classesAndMetaInfAreLeftOut() throws Exception {
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
                .hasMessageContaining("contains a file whose name '" + name + "'");
        ModelDeclaration without = new ModelDeclaration(
                MODEL, Optional.empty(), List.of(), List.of("*b.bin"), false, Optional.empty(), Optional.empty());
        assertThat(source.resolve(without).files()).extracting(ModelFile::path).containsExactly("good.bin");
    }

    @Test
    void anArtifactThatIsNoArchiveIsTheModelItself() throws Exception {
        Path zipped = jar("inside.bin"); // the format of many models is that of a zip
        MavenSource source = source(zipped);
        ResolvedModel model = source.resolve(ModelDeclaration.of(ModelReference.parse("maven:org.acme:m:pt:fp16:1.0")));
        ModelFile file = model.files().get(0);
        assertThat(model.files()).hasSize(1);
        assertThat(file.path()).isEqualTo("m-1.0-fp16.pt");
        assertThat(file.size()).isEqualTo(Files.size(zipped));
        assertThat(file.url()).isEqualTo("pkg:maven/org.acme/m@1.0?classifier=fp16&type=pt");
        Path partial = folder.resolve("new/partial");
        try (ModelContent content = source.open(model)) {
            assertThat(content.fetch(file, partial).digest())
                    .isEqualTo(file.digest().orElseThrow());
        }
        assertThat(partial).hasSameBinaryContentAs(zipped);
    }

    @Test
    void aFolderOfTheReactorIsNoArtifactYet() {
        for (String coordinates : List.of("org.acme:model:1.0", "org.acme:model:onnx:1.0")) {
            assertThatThrownBy(() ->
                            source(folder).resolve(ModelDeclaration.of(ModelReference.parse("maven:" + coordinates))))
                    .hasMessageContaining("is built by a module of this build that is not packaged yet")
                    .hasMessageContaining("Run mvn package");
        }
    }

    @ParameterizedTest
    @CsvSource({"LATEST, m-2.0.gguf", "RELEASE, m-2.0.gguf", "1.0-SNAPSHOT, m-1.0-SNAPSHOT.gguf"})
    void aMovingVersionIsLockedAtItsCurrentVersion(String version, String name) throws Exception {
        MavenSource source = source(jar("x"));
        ModelReference reference = ModelReference.parse("maven:org.acme:m:gguf:" + version);
        ResolvedModel model = source.resolve(ModelDeclaration.of(reference));
        assertThat(model.revision()).isEqualTo("2.0");
        assertThat(model.files()).extracting(ModelFile::path).containsExactly(name);
        String lockedElsewhere = "../2.0";
        assertThatThrownBy(() -> source.open(model.at(lockedElsewhere)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is not a version");
    }

    @Test
    void aRangeIsRefused() {
        assertThatThrownBy(() -> source(folder)
                        .resolve(ModelDeclaration.of(ModelReference.parse("maven:org.acme:model:[1.0,2.0)"))))
                .hasMessageContaining("has a range of versions; write one version, or RELEASE");
    }

    @Test
    void aDamagedArtifactIsNamed() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.jar"), "<html>");
        assertThatThrownBy(() -> source(broken).resolve(ModelDeclaration.of(MODEL)))
                .hasMessageContaining("Maven has it as " + broken)
                .hasMessageNotContaining("delete");
    }
}
