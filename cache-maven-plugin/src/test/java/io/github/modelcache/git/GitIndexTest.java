package io.github.modelcache.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with what the git of this machine lists. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names that only other systems have")
class GitIndexTest {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({"2,sha1", "3,sha1", "4,sha1", "2,sha256", "4,sha256"})
    void readsWhatGitLists(int version, String format) throws Exception {
        Path top = repository("-c", "index.version=" + version, "init", "-q", "--object-format=" + format);
        git(top, "config", "index.version", String.valueOf(version));
        compare(top);
        for (int i = 0; i < 300; i++) {
            write(top, "a/" + "x".repeat(i % 40) + "/" + i + "/f");
        }
        write(top, "n".repeat(200) + "/" + "m".repeat(200) + "/é 模\n\t");
        git(top, "add", "-A");
        compare(top);
        write(top, "later");
        git(top, "add", "-N", "later"); // an extended entry
        git(top, "update-index", "--assume-unchanged", "a//0/f".replace("//", "/"));
        compare(top);
    }

    @ParameterizedTest
    @CsvSource({"2", "4"})
    void readsBothPartsOfASplitIndex(int version) throws Exception {
        Path top = repository("init", "-q");
        git(top, "config", "index.version", String.valueOf(version));
        git(top, "config", "splitIndex.maxPercentChange", "100");
        for (int i = 0; i < 200; i++) {
            write(top, "f" + i);
        }
        git(top, "add", "-A");
        git(top, "update-index", "--split-index");
        for (int i = 0; i < 200; i += 7) {
            Files.writeString(top.resolve("f" + i), "changed");
            Files.delete(top.resolve("f" + (i + 1)));
            write(top, "new" + i);
        }
        git(top, "add", "-A");
        try (Stream<Path> files = Files.list(top.resolve(".git"))) {
            assertThat(files).anyMatch(file -> file.getFileName().toString().startsWith("sharedindex."));
        }
        compare(top);
    }

    @Test
    void readsOfConflictsOneNameEach() throws Exception {
        Path top = repository("init", "-q");
        write(top, "both");
        commit(top);
        git(top, "checkout", "-q", "-b", "other");
        Files.writeString(top.resolve("both"), "other");
        commit(top);
        git(top, "checkout", "-q", "-");
        Files.writeString(top.resolve("both"), "mine");
        commit(top);
        assertThat(run(top, List.of("merge", "-q", "other")).exit()).isNotZero();
        assertThat(tracked(top)).containsExactly("both");
    }

    @Test
    void readsASubmoduleAndASecondWorkTree() throws Exception {
        Path inner = repository("init", "-q");
        write(inner, "weights/m.bin");
        commit(inner);
        Path top = repository("init", "-q");
        git(top, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.toString(), "sub");
        commit(top);
        compare(top);
        assertThat(top.resolve("sub/.git")).isRegularFile();
        compare(top.resolve("sub"));
        Path second = temporary.resolve("second");
        git(top, "worktree", "add", "-q", second.toString());
        write(second, "more");
        git(second, "add", "-A");
        compare(second);
    }

    @Test
    void aGitFolderWithoutHeadIsNotARepository() throws Exception {
        Path top = repository("init", "-q");
        Files.createDirectories(top.resolve("sub/.git"));
        assertThat(GitRepository.around(top.resolve("sub")).orElseThrow().top()).isEqualTo(top);
    }

    @Test
    void describesTheProblem() throws Exception {
        Path top = repository("init", "-q");
        write(top, "f");
        git(top, "add", "-A");
        Path index = top.resolve(".git/index");
        byte[] whole = Files.readAllBytes(index);
        for (int length = 0; length < whole.length - 40; length++) {
            Files.write(index, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> tracked(top)).hasMessageContaining("can't be read as an index of git");
        }
        whole[7] = 9;
        Files.write(index, whole);
        assertThatThrownBy(() -> tracked(top)).hasMessageEndingWith("its version 9 is not known");
        Files.delete(index);
        assertThat(new ProcessBuilder("mkfifo", index.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> tracked(top)).hasMessageContaining("a named pipe");
    }

    private void compare(Path top) throws Exception {
        String listed = run(top, List.of("ls-files", "-z")).text();
        assertThat(tracked(top))
                .containsExactlyInAnyOrder(
                        listed.isEmpty()
                                ? new String[0]
                                : new TreeSet<>(List.of(listed.split("\0"))).toArray(String[]::new));
    }

    private static List<String> tracked(Path top) throws IOException {
        List<String> names = new ArrayList<>();
        GitRepository.around(top).orElseThrow().tracked(names::add);
        return names;
    }

    private Path repository(String... init) throws Exception {
        Path top = Files.createTempDirectory(temporary, "repository");
        git(top, init);
        return top;
    }

    private static void write(Path top, String name) throws IOException {
        Path file = top.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
    }

    private static void commit(Path top) throws Exception {
        git(top, "add", "-A");
        git(top, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a");
    }

    private static void git(Path folder, String... arguments) throws Exception {
        assertThat(run(folder, List.of(arguments)).exit())
                .as(String.join(" ", arguments))
                .isZero();
    }

    private record Ran(int exit, String text) {}

    private static Ran run(Path folder, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), text);
        }
    }
}
