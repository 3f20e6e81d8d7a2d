package io.github.modelcache.it.benchmark;

import io.github.modelcache.it.project.Config;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A repository of many small files, 100 to 4,000 bytes long and 256 to a folder: as a git work tree, and as a hub cache
 * with config and lock, as the plugin leaves it after a download. The files are the same every time.
 *
 * @param files how many
 */
record HubCacheFiles(int files) {

    static final String ID = "acme/huge";
    private static final int SMALLEST = 100;
    private static final int LARGEST = 4000;
    private static final int FILES_A_FOLDER = 256;
    private static final int FOLDERS_A_SHELF = 32;

    /** Where a file lies in the repository; the order of the numbers is that of the names. */
    private static String name(int number) {
        int folder = number / FILES_A_FOLDER;
        return String.format(
                Locale.ROOT, "shelf-%03d/box-%05d/page-%07d.json", folder / FOLDERS_A_SHELF, folder, number);
    }

    private static byte[] content(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] content = new byte[random.nextInt(SMALLEST, LARGEST + 1)];
        random.nextBytes(content);
        return content;
    }

    private static String gitSha1(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + content.length + '\0').getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes the work tree, committed and with a fresh index; what git itself keeps lies beside it.
     *
     * @return the command that runs git on it
     */
    List<String> gitTree(Path tree) throws IOException, InterruptedException {
        Files.createDirectories(tree);
        List<String> git = List.of(
                "git",
                "-C",
                tree.toString(),
                "--git-dir=" + tree.resolveSibling(tree.getFileName() + ".git"),
                "--work-tree=" + tree);
        Benchmarks.program(with(git, "init", "--quiet"));
        Process importer = new ProcessBuilder(with(git, "fast-import", "--quiet", "--force")).start();
        try (OutputStream out = new BufferedOutputStream(importer.getOutputStream(), 1 << 16)) {
            line(out, "commit refs/heads/main\ncommitter A <a@example.org> 1767225600 +0000\ndata 0");
            for (int i = 0; i < files; i++) {
                byte[] content = content(i);
                line(out, "M 100644 inline " + name(i) + "\ndata " + content.length);
                out.write(content);
                out.write('\n');
            }
        }
        if (importer.waitFor() != 0) {
            throw new IOException("git fast-import ended with " + importer.exitValue());
        }
        Benchmarks.program(with(git, "symbolic-ref", "HEAD", "refs/heads/main"));
        Benchmarks.program(with(git, "reset", "--quiet", "--hard"));
        return git;
    }

    static List<String> with(List<String> command, String... more) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(more));
        return whole;
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Makes a project whose cache holds this commit of the repository. */
    void project(Path project, String commit) throws IOException {
        write(
                project.resolve(Config.FILE),
                Config.empty()
                        .member("max_size", "\"90GB\"")
                        .member("warn_size", "\"80GB\"")
                        .model("hf:" + ID)
                        .toString());
        Path repository = project.resolve(".cache/huggingface/hub/models--" + ID.replace("/", "--"));
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(commit));
        write(repository.resolve("refs/main"), commit);
        Path trees = Files.createDirectories(repository.resolve("trees"));
        try (BufferedWriter lock = Files.newBufferedWriter(project.resolve(Config.LOCK));
                BufferedWriter tree = Files.newBufferedWriter(trees.resolve(commit + ".json"))) {
            lock.write("{\n  \"schemaVersion\": 1,\n  \"models\": [\n    {\n      \"model\": \"hf:" + ID
                    + "\",\n      \"revision\": \"" + commit + "\",\n      \"files\": [");
            tree.write("{\n \"files\": {");
            for (int i = 0; i < files; i++) {
                byte[] content = content(i);
                String digest = gitSha1(content);
                String name = name(i);
                Path file = snapshot.resolve(name);
                if (i % FILES_A_FOLDER == 0) {
                    Files.createDirectories(file.getParent());
                }
                Files.write(blobs.resolve(digest), content);
                Files.createSymbolicLink(file, Path.of("../../../../blobs", digest));
                String separator = i == 0 ? "\n" : ",\n";
                lock.write(separator + "        { \"path\": \"" + name + "\", \"size\": " + content.length
                        + ", \"git_sha1\": \"" + digest + "\", \"url\": \"https://huggingface.co/" + ID + "/resolve/"
                        + commit + "/" + name + "\" }");
                tree.write(separator + "  \"" + name + "\": {\n   \"blob_id\": \"" + digest + "\",\n   \"size\": "
                        + content.length + "\n  }");
            }
            lock.write("\n      ]\n    }\n  ]\n}\n");
            tree.write("\n },\n \"format_version\": 1\n}");
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Deletes a folder with all that lies in it; a link goes as a link. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
