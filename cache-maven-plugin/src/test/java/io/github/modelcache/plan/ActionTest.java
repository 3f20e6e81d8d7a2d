package io.github.modelcache.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActionTest {

    private static final Path TARGET = Path.of("target");

    @TempDir
    Path folder;

    private final AtomicInteger runs = new AtomicInteger();

    /** Frees 7 bytes. */
    private long step() {
        runs.incrementAndGet();
        return 7;
    }

    private void requireRunsOnce(Action action) throws IOException {
        assertThat(action.run()).isEqualTo(7);
        assertThat(runs).hasValue(1);
    }

    @Test
    void createsAFolderAndItsParents() throws IOException {
        Action action = new Action.CreateDirectory(folder.resolve("a/b"));
        assertThat(action.describe("a/b")).isEqualTo("create a/b/");
        assertThat(action.bytes()).isZero();
        assertThat(folder.resolve("a")).doesNotExist();
        assertThat(action.run()).isZero();
        assertThat(folder.resolve("a/b")).isDirectory();
    }

    @Test
    void writesATextInTheChosenEncoding() throws IOException {
        Path file = folder.resolve("a/x.txt");
        Action action = Action.Write.text(file, "the greeting", "grüße", StandardCharsets.ISO_8859_1);
        assertThat(action.describe("x.txt")).isEqualTo("write x.txt (the greeting)");
        assertThat(action.target()).isEqualTo(file);
        assertThat(action.bytes()).isZero();
        assertThat(file).doesNotExist();
        assertThat(action.run()).isZero();
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).isEqualTo("grüße");
        requireRunsOnce(new Action.Write(file, "a purpose", this::step));
    }

    @Test
    void fetchesAModelOfKnownOrUnknownSize() throws IOException {
        Action action = new Action.Fetch(TARGET, "hf:acme/tiny", 2_000_000, this::step);
        assertThat(action.describe("x")).isEqualTo("fetch hf:acme/tiny (2.0 MB)");
        assertThat(action.bytes()).isEqualTo(2_000_000);
        requireRunsOnce(action);
        assertThat(new Action.Fetch(TARGET, "hf:acme/tiny", 0, this::step).describe("x"))
                .isEqualTo("fetch hf:acme/tiny (0 B)");
        assertThat(new Action.Fetch(TARGET, "hf:acme/tiny", -1, this::step).describe("x"))
                .isEqualTo("fetch hf:acme/tiny (size not known yet)");
    }

    @Test
    void pushesAModel() throws IOException {
        Action action = new Action.Push(TARGET, "hf:acme/tiny", "registry.example/m:1", 12, this::step);
        assertThat(action.describe("x")).isEqualTo("push hf:acme/tiny (12 B) to registry.example/m:1");
        requireRunsOnce(action);
    }

    @Test
    void deletesAnEntryForAReason() throws IOException {
        Action action = new Action.Delete(TARGET, 12, "unused", this::step);
        assertThat(action.describe("a/x")).isEqualTo("delete a/x (12 B, unused)");
        requireRunsOnce(action);
    }

    @Test
    void movesAndCopiesFiles() throws IOException {
        Action move = new Action.Move(TARGET, "old", 12, this::step);
        assertThat(move.describe("new")).isEqualTo("move old to new (12 B)");
        requireRunsOnce(move);
        runs.set(0);
        Action copy = new Action.Copy(TARGET, "old", 12, "hard links", this::step);
        assertThat(copy.describe("new")).isEqualTo("copy old to new (12 B, hard links)");
        requireRunsOnce(copy);
    }

    @Test
    void makesALink() throws IOException {
        Action action = new Action.Link(TARGET, Path.of("there"), this::step);
        assertThat(action.describe("here")).isEqualTo("make here a link to there");
        assertThat(action.bytes()).isZero();
        requireRunsOnce(action);
    }

    @Test
    void installsByOtherProgramsHaveNoKnownSize() throws IOException {
        Action action = new Action.Install(TARGET, "an environment", this::step);
        assertThat(action.describe("venv")).isEqualTo("create venv/ (an environment)");
        assertThat(action.bytes()).isEqualTo(-1);
        requireRunsOnce(action);
    }
}
