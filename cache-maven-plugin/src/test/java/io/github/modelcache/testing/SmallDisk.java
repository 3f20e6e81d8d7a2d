package io.github.modelcache.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A file system of a few bytes, where the user may mount one. */
public final class SmallDisk implements AutoCloseable {

    private static final long SECONDS = Patience.ENDLESS.toSeconds();
    /** What the system takes for a file at a time. */
    private static final int PAGE_BYTES = 4096;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a new folder; empty when this user may not. */
    public static Optional<SmallDisk> mount(Path folder, int kilobytes) throws IOException {
        Files.createDirectories(folder);
        return run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "none", folder.toString())
                ? Optional.of(new SmallDisk(folder))
                : Optional.empty();
    }

    /** Mounts one, or skips the test where this user may not. */
    public static SmallDisk on(Path folder, int kilobytes) throws IOException {
        Optional<SmallDisk> disk = mount(folder, kilobytes);
        assumeTrue(disk.isPresent(), "needs a mount");
        return disk.orElseThrow();
    }

    /** One whose links can be made and not followed, or skips the test where this user may not. */
    public static SmallDisk whichFollowsNoLinks(Path folder) throws IOException {
        Files.createDirectories(folder);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=4m,nosymfollow", "none", folder.toString());
        assumeTrue(mounted, "needs a mount with nosymfollow");
        return new SmallDisk(folder);
    }

    /** Makes it larger. */
    public void grow(int kilobytes) throws IOException {
        if (!run("mount", "-o", "remount,size=" + kilobytes + "k", folder.toString())) {
            throw new IOException(folder + " can't grow");
        }
    }

    /** Fills it up with a file, which frees it again when it is deleted. */
    public Path fill() throws IOException {
        Path ballast = folder.resolve("ballast");
        byte[] page = new byte[PAGE_BYTES];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (Files.getFileStore(folder).getUsableSpace() >= PAGE_BYTES) {
                out.write(page);
            }
        }
        return ballast;
    }

    /** Its folder. */
    public Path folder() {
        return folder;
    }

    static boolean run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", folder.toString())) {
            throw new IOException("umount " + folder + " failed");
        }
    }
}
