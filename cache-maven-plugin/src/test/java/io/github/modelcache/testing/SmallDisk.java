package io.github.modelcache.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of a few bytes, mounted on a folder. */
public final class SmallDisk implements Closeable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one, or skips the test where this user may not. */
    public static SmallDisk on(Path folder, int bytes) throws IOException {
        Files.createDirectories(folder);
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "none", folder.toString()), "needs a mount");
        return new SmallDisk(folder);
    }

    /** Makes it larger. */
    public void grow(int bytes) throws IOException {
        if (!run("mount", "-o", "remount,size=" + bytes, folder.toString())) {
            throw new IOException(folder + " can't grow");
        }
    }

    @Override
    public void close() throws IOException {
        if (!run("umount", folder.toString())) {
            throw new IOException(folder + " is in use");
        }
    }

    private static boolean run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
