package io.github.modelcache.inventory.usage;

import io.github.modelcache.catalog.LibraryPlaces;
import io.github.modelcache.catalog.LibraryPlaces.Note;
import io.github.modelcache.catalog.LibraryPlaces.PlacedFile;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.ModelDeclaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the files that libraries look for by their own names with those of the models. */
public record LibraryFiles(LibraryPlaces places, ContentDigests digests) {
    private static final int LARGEST_NOTE = 1 << 20;

    /** The files that are missing or differ, of models whose own files are there. */
    public List<PlacedFile> wrongFiles() throws IOException {
        List<PlacedFile> wrong = new ArrayList<>();
        for (PlacedFile file : places.files()) {
            if (Files.isRegularFile(file.source()) && !isRight(file)) {
                wrong.add(file);
            }
        }
        return wrong;
    }

    /** The notes that are missing or differ, of models that are complete. */
    public List<Note> wrongNotes() throws IOException {
        Set<ModelDeclaration> incomplete = places.files().stream()
                .filter(file -> !Files.isRegularFile(file.source()))
                .map(PlacedFile::declaration)
                .collect(Collectors.toSet());
        List<Note> wrong = new ArrayList<>();
        for (Note note : places.notes()) {
            if (incomplete.contains(note.declaration())) {
                continue;
            }
            boolean there = Files.isRegularFile(note.path(), LinkOption.NOFOLLOW_LINKS);
            if (!there || (note.fixed() && !note.text().equals(text(note.path())))) {
                wrong.add(note);
            }
        }
        return wrong;
    }

    private static String text(Path note) throws IOException {
        return Files.size(note) > LARGEST_NOTE ? "too long" : RegularFile.text(note, LARGEST_NOTE);
    }

    private boolean isRight(PlacedFile file) throws IOException {
        try {
            CacheEntry entry = CacheEntry.of(file.path());
            Optional<Digest> expected = file.file().digest();
            if (entry.kind() != CacheEntry.Kind.FILE || expected.isEmpty()) {
                return false;
            }
            return Files.isSameFile(file.path(), file.source())
                    || (entry.size() == file.file().size()
                            && digests.digest(
                                            entry.path(),
                                            entry.stamp(),
                                            expected.get().algorithm())
                                    .get()
                                    .equals(expected.get()));
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
