package io.github.modelcache.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockFileTest {

    private static final Digest SHA256 = Digest.sha256("ab".repeat(32));
    private static final ResolvedModel MODEL = new ResolvedModel(
            ModelReference.parse("hf:org/name"),
            new ModelRequest(
                    Optional.of("main"),
                    List.of("*.bin"),
                    List.of("x/", "\"q\""),
                    Optional.of("to/é"),
                    Optional.of(false),
                    Optional.of(true)),
            "c0ffee",
            Optional.of("Apache-2.0"),
            true,
            Optional.empty(),
            List.of(
                    new ModelFile("a/b.bin", 12, Optional.of(SHA256), "https://h/a?x=\"1\"&y"),
                    new ModelFile(
                            "config.json",
                            0,
                            Optional.of(new Digest(DigestAlgorithm.GIT_SHA1, "cd".repeat(20))),
                            "https://h/c")),
            List.of(
                    ModelDeclaration.of(ModelReference.parse("hf:org/other")),
                    ModelDeclaration.of(ModelReference.parse("hf:org/third")).at(Optional.of("v1"))));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("models.lock.json");
    }

    @Test
    void readsTheLockThatItWrote() throws Exception {
        Lock lock = Lock.of(List.of(MODEL, model("url:https://h/x"), model("maven:g:a:1")));
        assertThat(new LockFile(file).write(lock)).isTrue();
        assertThat(new LockFile(file).read()).isEqualTo(lock);
    }

    @Test
    void keepsTheBranchThatNamesAFolder() throws Exception {
        ResolvedModel model = new ResolvedModel(
                ModelReference.parse("torchhub:a/b"),
                ModelRequest.PLAIN,
                "c0ffee",
                Optional.empty(),
                false,
                Optional.of("master"),
                MODEL.files(),
                List.of());
        new LockFile(file).write(Lock.of(List.of(model)));
        assertThat(new LockFile(file).read().models()).containsExactly(model);
        assertThat(model.withFiles(List.of()).at("decade").branch()).hasValue("master");
    }

    @Test
    void doesNotRewriteAnUnchangedLock() throws Exception {
        Lock lock = Lock.of(List.of(MODEL));
        new LockFile(file).write(lock);
        assertThat(new LockFile(file).write(lock)).isFalse();
    }

    @Test
    void sortsModelsAndWritesEachFileOnItsOwnLine() {
        String text = LockFile.text(Lock.of(List.of(model("url:https://h/x"), model("maven:g:a:1"))));
        assertThat(text.indexOf("maven:g:a:1")).isLessThan(text.indexOf("url:https://h/x"));
        assertThat(text.lines().filter(line -> line.contains("\"sha256\""))).hasSize(2);
        assertThat(text).endsWith("}\n");
    }

    @Test
    void reportsAMergeConflictAndDoesNotAdviseToDeleteTheLock() throws Exception {
        String text = LockFile.text(Lock.of(List.of(MODEL)));
        String model = text.lines()
                .filter(line -> line.contains("\"model\""))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                file, text.replace(model, "<<<<<<< HEAD\n" + model + "\n=======\n" + model + "\n>>>>>>> main"));
        assertThatThrownBy(() -> new LockFile(file).read())
                .isInstanceOf(LockException.class)
                .hasMessageContaining("models.lock.json:5: found a merge conflict marker (<<<<<<<)")
                .hasMessageContaining("keep the models of both sides")
                .hasMessageNotContaining("delete it");
    }

    @Test
    void aMissingFileIsAnEmptyLock() throws Exception {
        assertThat(new LockFile(file).read().models()).isEmpty();
        assertThat(new LockFile(file).exists()).isFalse();
    }

    @Test
    void findsOnlyTheDeclarationThatWasLocked() {
        Lock lock = Lock.of(List.of(MODEL));
        ModelDeclaration same = new ModelDeclaration(
                MODEL.reference(),
                Optional.of("main"),
                List.of("*.bin"),
                List.of("x/", "\"q\""),
                false,
                Optional.empty(),
                Optional.of("to/é"),
                new ModelForm(Optional.of("any"), Optional.of(false), Optional.of(true), Optional.empty()));
        assertThat(lock.find(same)).contains(MODEL);
        assertThat(lock.find(ModelDeclaration.of(MODEL.reference()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"schemaVersion\": 1, \"models\": [",
                "{\"schemaVersion\": 1, \"models\": {}}",
                "{\"schemaVersion\": \"1\"}",
                "{\"schemaVersion\": 0}",
                "{\"schemaVersion\": 1, \"schemaVersion\": 1}",
                "{\"schemaVersion\": 1, \"models\": [1]}",
                "{\"schemaVersion\": 1, \"models\": [{}]}",
                "{\"schemaVersion\": 1, \"models\": [{\"model\": \"x\", \"revision\": \"1\"}]}",
                "{\"schemaVersion\": 1, \"models\": [{\"model\": \"a:b\"}]}",
                "{\"schemaVersion\": 1, \"models\": [{\"model\": \"a:b\", \"revision\": \"1\", \"files\": [{}]}]}",
            })
    void rejectsOtherJsonAndNamesThePosition(String text) throws Exception {
        Files.writeString(file, text);
        assertThatThrownBy(() -> new LockFile(file).read())
                .isInstanceOf(LockException.class)
                .hasMessageContaining("/models.lock.json:1:")
                .hasMessageContaining("mvn cache:lock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../../x", "C:/x", "a\\\\b", "", "a//b"})
    void rejectsAPathOutsideItsFolder(String path) throws Exception {
        Files.writeString(file, LockFile.text(Lock.of(List.of(MODEL))).replace("a/b.bin", path));
        assertThatThrownBy(() -> new LockFile(file).read()).isInstanceOf(LockException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../home", "/etc", "..", "a/../../b", "C:x", "a\\\\b", "\\ud800"})
    void rejectsARevisionThatIsAPathOutsideTheCache(String revision) throws Exception {
        Files.writeString(file, LockFile.text(Lock.of(List.of(MODEL))).replace("c0ffee", revision));
        assertThatThrownBy(() -> new LockFile(file).read())
                .isInstanceOf(LockException.class)
                .hasMessageContaining("the revision '");
    }

    @Test
    void rejectsALoneSurrogateInAPath() throws Exception {
        Files.writeString(file, LockFile.text(Lock.of(List.of(MODEL))).replace("a/b.bin", "a/\\udc00.bin"));
        assertThatThrownBy(() -> new LockFile(file).read())
                .isInstanceOf(LockException.class)
                .hasMessageContaining("contains a lone surrogate");
    }

    @Test
    void rejectsAnEncodingOtherThanUtf8() throws Exception {
        for (byte[] other : new byte[][] {
            {0, 0, 0, '{', 0x7f, 0, 0, 0}, {0, 'b', 0, 'c'}, {0, 0, '{', 0}, {'{', 0, '}', 0}, {(byte) 0xff}
        }) {
            Files.write(file, other);
            assertThatThrownBy(() -> new LockFile(file).read())
                    .isInstanceOf(LockException.class)
                    .hasMessageContaining("models.lock.json:1:");
        }
    }

    @Test
    void acceptsAByteOrderMark() throws Exception {
        Files.writeString(file, "\ufeff" + LockFile.text(Lock.of(List.of(MODEL))));
        assertThat(new LockFile(file).read().models()).containsExactly(MODEL);
    }

    @Test
    void rejectsANewerSchemaAndNamesTheFix() throws Exception {
        Files.writeString(file, "{\"schemaVersion\": 2, \"models\": {\"new\": true}}");
        assertThatThrownBy(() -> new LockFile(file).read())
                .isInstanceOf(LockException.class)
                .hasMessageContaining("newer");
    }

    @Test
    void skipsUnknownMembers() throws Exception {
        Files.writeString(
                file,
                LockFile.text(Lock.of(List.of(MODEL)))
                        .replace("\"size\": 12", "\"gated\": {\"a\": [1]}, \"size\": 12"));
        assertThat(new LockFile(file).read()).isEqualTo(Lock.of(List.of(MODEL)));
    }

    private static ResolvedModel model(String reference) {
        return new ResolvedModel(
                ModelReference.parse(reference),
                ModelRequest.PLAIN,
                "1",
                Optional.empty(),
                false,
                List.of(new ModelFile("f", 1, Optional.of(SHA256), "https://h/f")));
    }
}
