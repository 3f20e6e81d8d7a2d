package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.LibraryPlaces;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.LibraryFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Checks the files that libraries look for by their own names, as {@code layout} of a declaration asks. */
public final class LibraryCheck implements Check {

    private static final String FIX = "mvn cache:download";

    private final CacheConfig config;
    private final LibraryFiles files;

    public LibraryCheck(CacheConfig config, Lock lock, ContentDigests digests) {
        this.config = config;
        this.files = new LibraryFiles(new LibraryPlaces(config, lock), digests);
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        for (LibraryPlaces.PlacedFile file : files.wrongFiles()) {
            findings.accept(finding(file.declaration(), file.path()));
        }
        for (LibraryPlaces.Note note : files.wrongNotes()) {
            findings.accept(finding(note.declaration(), note.path()));
        }
    }

    private Finding finding(ModelDeclaration declaration, Path path) {
        boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        String name = Plan.name(config.projectRoot(), path);
        String library = declaration.form().layout().orElseThrow().value();
        Finding finding = there
                ? Finding.of(
                        FindingId.MODEL_CORRUPT, name + " (for " + library + ") differs from the model's file", FIX)
                : Finding.of(FindingId.MODEL_MISSING, name + " (for " + library + ") is missing", FIX)
                        .as(declaration.optional() ? Severity.INFO : Severity.ERROR);
        return finding.about(declaration.reference()).at(path);
    }
}
