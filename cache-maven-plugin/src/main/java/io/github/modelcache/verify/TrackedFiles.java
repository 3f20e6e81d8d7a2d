package io.github.modelcache.verify;

import io.github.modelcache.io.Printable;
import io.github.modelcache.io.ProcessTree;
import io.github.modelcache.io.SearchPath;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks {@code git} which files it tracks. It reads nothing but the repository's index, and writes nothing.
 *
 * @param programs where {@code git} is looked for
 * @param limit how long it may take
 * @see <a href="https://git-scm.com/docs/git-ls-files">git ls-files</a>
 */
record TrackedFiles(SearchPath programs, Duration limit) {

    /** Far longer than the index of the largest repository takes. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int LONGEST_COMPLAINT = 4096;

    /** Of a hook that runs the build: they name its own repository, relative to another folder. */
    private static final List<String> OF_A_HOOK = List.of(
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY");

    TrackedFiles(SearchPath programs) {
        this(programs, LIMIT);
    }

    /**
     * Shows the names of the tracked files below some folders, with {@code /} between segments.
     *
     * @param top the folder that names are relative to; it lies in the repository
     * @param folders below {@code top}, as names in the same form
     * @throws IOException when git can't be asked or gives no answer; the message says why
     */
    void each(Path top, List<String> folders, Consumer<String> names) throws IOException {
        Path git = programs.find("git").orElseThrow(() -> new IOException("there is no git on the PATH"));
        // Names are no patterns, and no program that the repository's own config names is run.
        List<String> command = new ArrayList<>(
                List.of(git.toString(), "--literal-pathspecs", "-c", "core.fsmonitor=false", "ls-files", "-z", "--"));
        command.addAll(folders);
        ProcessBuilder builder = new ProcessBuilder(command).directory(top.toFile());
        builder.environment().keySet().removeAll(OF_A_HOOK);
        builder.environment().putAll(Map.of("LC_ALL", "C", "GIT_OPTIONAL_LOCKS", "0"));
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String complaint = await(readInBackground(process, names));
            int exit = process.waitFor(1, TimeUnit.SECONDS) ? process.exitValue() : -1;
            if (exit != 0) {
                throw new IOException(
                        "git ls-files ended with exit code " + exit + (complaint.isEmpty() ? "" : ": " + complaint));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while git was asked", e);
        } finally {
            if (process.isAlive()) {
                ProcessTree.kill(process);
            }
        }
    }

    private String await(CompletableFuture<String> reading) throws IOException, InterruptedException {
        try {
            return reading.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("git ls-files takes longer than " + limit.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("what git ls-files says can't be read", e);
        }
    }

    /**
     * A read from a pipe can't be given a time limit, so a daemon thread does it and may be left behind.
     *
     * @return the first line of what git complains about
     */
    private static CompletableFuture<String> readInBackground(Process process, Consumer<String> names) {
        CompletableFuture<String> complaint = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (InputStream out = new BufferedInputStream(process.getInputStream());
                            InputStream err = process.getErrorStream()) {
                        read(out, names);
                        String text = new String(err.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
                        complaint.complete(
                                Printable.text(text.strip().lines().findFirst().orElse("")));
                    } catch (IOException | RuntimeException broken) {
                        complaint.completeExceptionally(broken);
                    }
                },
                "git-ls-files");
        reader.setDaemon(true);
        reader.start();
        return complaint;
    }

    /** Name by name: there may be a million. */
    private static void read(InputStream out, Consumer<String> names) throws IOException {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int b = out.read(); b >= 0; b = out.read()) {
            if (b == 0) {
                names.accept(name.toString(StandardCharsets.UTF_8));
                name.reset();
            } else {
                name.write(b);
            }
        }
    }
}
