package io.github.modelcache.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCopyTest implements Messages {

    private static final String COMMIT = "c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff";

    @TempDir
    Path folder = Path.of("");

    private Path project = Path.of("");
    private Path blob = Path.of("");
    private final List<String> told = new ArrayList<>();

    @Override
    public void info(String message) {
        told.add(message);
    }

    @Override
    public void warn(String message) {
        told.add(message);
    }

    @Override
    public void debug(String message) {}

    @BeforeEach
    void createProject() throws Exception {
        project = Files.createDirectories(folder.resolve("a project")).toRealPath();
        Files.createDirectories(project.resolve("config"));
        Files.writeString(project.resolve("config/hardware_cache.json"), """
            {"cache": {"models": ["hf:a/tiny",
              {"model": "url:https://e.org/x.onnx", "to": "deep/v.onnx", "name": "vad"},
              {"model": "url:https://e.org/gone", "to": "gone.bin", "optional": true}]}}
            """);
        lock("weights", "voice");
        Path repository = project.resolve(".cache/huggingface/hub/models--a--tiny");
        blob = write(repository.resolve("blobs/" + sha("weights")), "weights");
        write(repository.resolve("blobs/" + sha("{}")), "{}");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/" + COMMIT + "/onnx"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../../blobs/" + sha("weights")));
        Files.createSymbolicLink(snapshot.resolveSibling("config.json"), Path.of("../../blobs/" + sha("{}")));
        write(project.resolve(".cache/models/deep/v.onnx"), "voice");
    }

    private void lock(String weights, String voice) throws IOException {
        Files.writeString(
                project.resolve("config/models.lock.json"),
                "{\"schemaVersion\": 1, \"models\": [{\"model\": \"hf:a/tiny\", \"revision\": \"" + COMMIT
                        + "\", \"files\": [" + file("config.json", "{}") + "," + file("onnx/model.onnx", weights)
                        + "]}, {\"model\": \"url:https://e.org/x.onnx\", \"to\": \"deep/v.onnx\", \"revision\":"
                        + " \"sha256:"
                        + sha(voice) + "\", \"files\": [" + file("deep/v.onnx", voice) + "]}]}");
    }

    private static String file(String path, String content) {
        return "{\"path\": \"%s\", \"size\": %d, \"sha256\": \"%s\", \"url\": \"https://e.org/\"}"
                .formatted(path, content.length(), sha(content));
    }

    private static String sha(String content) {
        return Hashing.digest(content.getBytes(StandardCharsets.UTF_8), DigestAlgorithm.SHA256)
                .hex();
    }

    private static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, content);
    }

    private CopyTarget target(String to) {
        Path classes = project.resolve("target/classes");
        Path target = project.resolve(to).normalize();
        boolean inClasses = target.startsWith(classes);
        return new CopyTarget(
                target,
                inClasses ? Optional.of(classes) : Optional.empty(),
                "g/a",
                project.resolve("target/cache/copied.properties"),
                !inClasses);
    }

    private Plan plan(CopyTarget target, String... models) throws Exception {
        CacheConfig config = ConfigReader.read(project, Path.of("config/hardware_cache.json"));
        try (ContentDigests digests =
                new ContentDigests(project.resolve(".cache/stamps.bin"), false, Clock.systemUTC())) {
            return new ModelCopy(config, LockFile.beside(config.file()).read(), digests, target, this)
                    .plan(List.of(models), false);
        }
    }

    private void copy(String to, String... models) throws Exception {
        plan(target(to), models).run(this, project, 1);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Nested
    class AFolderOfClasses {

        @Test
        void getsPlainFilesWithTheirNamesAndTheListForANativeImage() throws Exception {
            copy("target/classes/models");
            Path classes = project.resolve("target/classes");
            assertThat(files(classes))
                    .containsExactly(
                            "META-INF/model-cache/models.properties",
                            "META-INF/native-image/g/a/model-cache/resource-config.json",
                            "models/tiny/config.json",
                            "models/tiny/onnx/model.onnx",
                            "models/vad/v.onnx");
            assertThat(classes.resolve("models/tiny/onnx/model.onnx")).hasContent("weights");
            assertThat(classes.resolve("META-INF/model-cache/models.properties"))
                    .content()
                    .contains("cache.model.vad=models/vad/v.onnx\n")
                    .contains("cache.model.tiny=models/tiny\n")
                    .contains("cache.files.tiny=config.json\\u000aonnx/model.onnx\n");
            assertThat(classes.resolve("META-INF/native-image/g/a/model-cache/resource-config.json"))
                    .content()
                    .contains("\"\\\\Qmodels/\\\\E.*\"");
        }

        @Test
        void holdsNoHardLinkThroughWhichABuildCouldChangeTheCache() throws Exception {
            copy("target/classes/models");
            Files.writeString(project.resolve("target/classes/models/tiny/onnx/model.onnx"), "changed");
            assertThat(blob).hasContent("weights");
        }

        @Test
        void keepsTheNamesOfAnotherCopy() throws Exception {
            copy("target/classes/one", "vad");
            plan(
                            new CopyTarget(
                                    project.resolve("target/classes/two"),
                                    Optional.of(project.resolve("target/classes")),
                                    "g/a",
                                    project.resolve("target/cache/copied-2.properties"),
                                    false),
                            "tiny")
                    .run(ModelCopyTest.this, project, 1);
            assertThat(project.resolve("target/classes/META-INF/model-cache/models.properties"))
                    .content()
                    .contains("cache.model.vad=one/vad/v.onnx")
                    .contains("cache.model.tiny=two/tiny");
        }
    }

    @Nested
    class AnyOtherFolder {

        @Test
        void getsHardLinksSoThatNoByteIsStoredTwice() throws Exception {
            copy("target/image/models");
            assertThat(Files.isSameFile(project.resolve("target/image/models/tiny/onnx/model.onnx"), blob))
                    .isTrue();
            assertThat(project.resolve("target/image/models/tiny/onnx/model.onnx"))
                    .isRegularFile()
                    .matches(file -> !Files.isSymbolicLink(file));
            assertThat(project.resolve("target/image/models/models.properties"))
                    .content()
                    .contains("cache.model.tiny=tiny\n");
        }

        @Test
        void isLeftAsItIsWhenNothingChanged() throws Exception {
            copy("target/image");
            assertThat(plan(target("target/image")).isEmpty()).isTrue();
        }

        @Test
        void keepsItsFilesWithoutTheRecordThatAMavenCleanTakes() throws Exception {
            copy("image");
            Files.delete(project.resolve("target/cache/copied.properties"));
            assertThat(plan(target("image")).isEmpty()).isTrue();
        }

        @Test
        void losesWhatIsNoLongerChosen() throws Exception {
            copy("image");
            copy("image", "url:https://e.org/x.onnx");
            assertThat(files(project.resolve("image"))).containsExactly("models.properties", "vad/v.onnx");
            assertThat(project.resolve("image/tiny")).doesNotExist();
            assertThat(blob).hasContent("weights");
        }

        @Test
        void getsTheNewRevisionInPlaceOfWhatWasCopied() throws Exception {
            copy("target/classes/models");
            lock("weights", "choir");
            write(project.resolve(".cache/models/deep/v.onnx"), "choir");
            copy("target/classes/models");
            assertThat(project.resolve("target/classes/models/vad/v.onnx")).hasContent("choir");
        }
    }

    @Nested
    class AFileOfSomebodyElse {

        @Test
        void isAnErrorAndStaysAsItIs() throws Exception {
            Path own = write(project.resolve("image/vad/v.onnx"), "mine");
            assertThatThrownBy(() -> copy("image"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(own + " is there already with other content");
            assertThat(own).hasContent("mine");
        }

        @Test
        void isNotReplacedIfItIsACopyThatWasChanged() throws Exception {
            copy("target/classes/models");
            Path changed = project.resolve("target/classes/models/vad/v.onnx");
            Files.writeString(changed, "edited");
            assertThatThrownBy(() -> copy("target/classes/models")).hasMessageContaining("other content");
            copy("target/classes/models", "tiny");
            assertThat(changed).hasContent("edited");
            assertThat(told).anyMatch(message -> message.contains("was changed since, so it is kept"));
        }

        @Test
        void isNotWrittenThroughALink() throws Exception {
            Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
            Files.createDirectories(project.resolve("image"));
            Files.createSymbolicLink(project.resolve("image/tiny"), elsewhere);
            assertThatThrownBy(() -> copy("image")).hasMessageContaining("is a link");
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    @Nested
    class Refused {

        @Test
        void isAFolderInTheCacheOrAroundIt() {
            assertThatThrownBy(() -> plan(target(".cache/models/copy"))).hasMessageContaining("is in the cache");
            assertThatThrownBy(() -> plan(target(""))).hasMessageContaining("contains the cache");
        }

        @Test
        void isAFolderThatALinkLeadsIntoTheCache() throws Exception {
            Files.createSymbolicLink(project.resolve("image"), project.resolve(".cache"));
            assertThatThrownBy(() -> plan(target("image/x"))).hasMessageContaining("is in the cache");
        }

        @Test
        void isAFolderOutsideOfTheProjectUntilTheUserSaysSo() {
            assertThatThrownBy(() -> plan(target("../other")))
                    .hasMessageContaining("outside of the project")
                    .hasMessageContaining("cache.copy.outside");
        }

        @Test
        void isAModelThatIsCorruptOrMissing() throws Exception {
            Files.writeString(blob, "WEIGHTS");
            assertThatThrownBy(() -> copy("image"))
                    .hasMessageContaining("hf:a/tiny is not complete")
                    .hasMessageContaining("mvn cache:download");
            assertThat(project.resolve("image")).doesNotExist();
        }

        @Test
        void isANameThatNoModelHas() {
            assertThatThrownBy(() -> copy("image", "tinny")).hasMessageContaining("did you mean tiny?");
        }
    }

    @Test
    void anOptionalModelThatIsNotThereIsSkippedWithAWord() throws Exception {
        copy("image");
        assertThat(told).anyMatch(message -> message.contains("url:https://e.org/gone is optional"));
    }

    @Test
    void aDryRunIsThePlanAndWritesNothing() throws Exception {
        plan(target("image")).print(this, project, "mvn cache:copy", 0);
        assertThat(told).anyMatch(message -> message.contains("hf:a/tiny to image/tiny"));
        assertThat(project.resolve("image")).doesNotExist();
    }
}
