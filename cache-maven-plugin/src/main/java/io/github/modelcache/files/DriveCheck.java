package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Finds out whether folders can be looked at at all: a network drive whose server is gone lets every call wait, often
 * for minutes and without a word.
 */
public final class DriveCheck {

    private final Duration limit;
    private final Consumer<Path> look;

    /**
     * A check.
     *
     * @param limit how long all folders together may take to answer
     */
    public DriveCheck(Duration limit) {
        this(limit, Files::exists);
    }

    DriveCheck(Duration limit, Consumer<Path> look) {
        this.limit = limit;
        this.look = look;
    }

    /**
     * Looks at each folder; one that does not exist answers as well.
     *
     * @throws AccessDeniedException when one lies below a folder that can't be opened, and would look as if it were missing
     * @throws IOException when one does not answer in time; names it
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
        looking.setDaemon(true); // a call that never returns must not keep the build from ending
        looking.start();
        try {
            looking.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while looking at " + current.get(), e);
        }
        if (looking.isAlive()) {
            throw new IOException(current.get() + " does not answer for " + limit.toSeconds()
                    + " s. Is it on a network drive whose server is gone? Mount it again, or choose another folder with"
                    + " -Dcache.baseDir");
        }
        for (Path folder : folders) {
            if (PermissionErrors.closedFolder(folder).isPresent()) {
                throw new AccessDeniedException(folder.toString());
            }
        }
    }
}
