package io.github.modelcache.family.torch;

import io.github.modelcache.archive.ArchiveException;
import io.github.modelcache.family.ArchivedFiles;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a fetched archive of GitHub. */
final class TorchHubContent implements ModelContent {

    private final ArchivedFiles files;
    private final Path place;
    private volatile boolean wrong;

    TorchHubContent(ArchivedFiles files, Path place) {
        this.files = files;
        this.place = place;
    }

    @Override
    public Received fetch(ModelFile file, Path partial) throws ModelException {
        try {
            Received received = files.fetch(file, partial);
            wrong |= !file.digest().map(received.digest()::equals).orElse(true);
            return received;
        } catch (ModelException e) {
            wrong |= !(e.getCause() instanceof IOException) || e.getCause() instanceof ArchiveException;
            throw e;
        }
    }

    /** Deletes an archive that differs from the lock file, so that the next run fetches it again. */
    @Override
    public void close() throws IOException {
        files.close();
        if (wrong) {
            Files.deleteIfExists(place);
        }
    }
}
