package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Checks that folders answer in time: calls to a network drive whose server is down block for minutes. */
public final class DriveCheck {

    private final Duration limit;
    private final Consumer<Path> look;

    /** A check with a time limit for all folders together. */
    public DriveCheck(Duration limit) {
        this(limit, Files::exists);
    }

    DriveCheck(Duration limit, Consumer<Path> look) {
        this.limit = limit;
        this.look = look;
    }

    /**
     * Accesses each folder, which need not exist.
     *
     * @throws AccessDeniedException if a parent folder can't be opened, so that the folder would seem to be missing
     * @throws IOException if a folder does not answer in time
     */
    public void require(Collection<Path> folders) throws IOException {
        AtomicReference<Path> current = new AtomicReference<>(Path.of(""));
        Thread looking = new Thread(
                () -> {
                    for (Path folder : folders) {
                        current.set(folder);
                        look.accept(folder);
                    }
                },
                "drive-check");
        looking.setDaemon(true); // a call that never returns must not block the end of the build
        looking.start();
        try {
            looking.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while accessing " + current.get(), e);
        }
        if (looking.isAlive()) {
            throw new IOException(current.get() + " did not answer within " + limit.toSeconds()
                    + " s. Is it on a network drive whose server is down? Mount it again, or choose another folder with"
                    + " -Dcache.baseDir");
        }
        for (Path folder : folders) {
            if (PermissionErrors.closedFolder(folder).isPresent()) {
                throw new AccessDeniedException(folder.toString());
            }
        }
    }
}
