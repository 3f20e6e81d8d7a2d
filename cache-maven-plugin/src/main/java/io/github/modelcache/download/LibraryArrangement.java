package io.github.modelcache.download;

import io.github.modelcache.catalog.LibraryPlaces;
import io.github.modelcache.catalog.LibraryPlaces.PlacedFile;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.LibraryFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Puts the files of models where libraries look for them by their own names. */
final class LibraryArrangement {

    private final CacheConfig config;
    private final ContentDigests digests;

    LibraryArrangement(CacheConfig config, ContentDigests digests) {
        this.config = config;
        this.digests = digests;
    }

    /**
     * What is missing there of the models that this lock pins and that are in the cache.
     *
     * @throws IllegalArgumentException when two models need the same file, or a library can't find a model
     */
    Plan plan(Lock lock) throws IOException {
        LibraryPlaces places = new LibraryPlaces(config, lock);
        LibraryFiles files = new LibraryFiles(places, digests);
        List<Action> actions = new ArrayList<>();
        for (PlacedFile file : files.wrongFiles()) {
            actions.add(new Action.Write(file.path(), purpose(file), () -> {
                place(file);
                return 0;
            }));
        }
        // Last: a library takes a model for complete that has them.
        files.wrongNotes()
                .forEach(note -> actions.add(Action.Write.text(
                        note.path(),
                        "for "
                                + note.declaration()
                                        .form()
                                        .layout()
                                        .orElseThrow()
                                        .value(),
                        note.text(),
                        StandardCharsets.UTF_8)));
        return new Plan(actions);
    }

    private static String purpose(PlacedFile file) {
        return "hard link to " + file.source().getFileName() + " for "
                + file.declaration().form().layout().orElseThrow().value();
    }

    private static void place(PlacedFile file) throws IOException {
        Path content = file.source().toRealPath();
        Path temporary = AtomicFiles.temporaryBeside(file.path());
        AtomicFileOperations disk = new AtomicFileOperations();
        if (!disk.hardLink(content, temporary, file.path())) {
            disk.copy(content, temporary, file.path(), file.file().digest().orElseThrow());
        }
    }
}
