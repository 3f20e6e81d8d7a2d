package io.github.modelcache.it.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes the file system refuse, by whatever means this user has. */
public final class Privileges {

    private static final int SECONDS = 600;

    private Privileges() {}

    /** Undoes a restriction when closed. */
    public interface Restriction extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** Makes a folder one that nobody can create entries in; empty when this user can't arrange that. */
    public static Optional<Restriction> readOnly(Path folder) throws IOException {
        String path = folder.toString();
        if (run("mount", "--bind", path, path)) {
            if (run("mount", "-o", "remount,bind,ro", path)) {
                return Optional.of(() -> run("umount", path));
            }
            run("umount", path);
        }
        if (run("chattr", "+i", path)) {
            return Optional.of(() -> run("chattr", "-i", path));
        }
        if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            return Optional.empty();
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        Restriction writable =
                () -> Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (Files.isWritable(folder)) {
            writable.close();
            return Optional.empty();
        }
        return Optional.of(writable);
    }

    /** Mounts a file system of so many bytes on a folder; empty when this user may not. */
    public static Optional<Restriction> smallDisk(Path folder, int bytes) throws IOException {
        if (run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", folder.toString())) {
            return Optional.of(() -> run("umount", folder.toString()));
        }
        return Optional.empty();
    }

    /** Gives a small disk another size; says whether that went well. */
    public static boolean resize(Path folder, int bytes) throws IOException {
        return run("mount", "-o", "remount,size=" + bytes, folder.toString());
    }

    private static boolean run(String... command) throws IOException {
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
}
