package io.github.modelcache.migrate.collect;

import io.github.modelcache.families.ExternalCache;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.List;

/**
 * A model, or a part of one, that lies at an old place.
 *
 * @param source its folder or file there
 * @param target its folder or file in the project's root
 * @param processLock what keeps downloads of the same model out
 * @param pieces its contents
 * @param links what leads to them
 * @param refs what names its revisions
 * @param goes the files and links that need not stay once all this is in the root
 * @param whole whether nothing else lies in the source, so that it can be renamed
 * @param folder whether the target shows a model by its mere existence, and so must appear at once
 */
record FoundModel(
        ExternalCache place,
        ModelReference model,
        Path source,
        Path target,
        Path processLock,
        List<SourceFile> pieces,
        List<LinkTo> links,
        List<Ref> refs,
        List<Path> goes,
        boolean whole,
        boolean folder) {

    FoundModel {
        pieces = List.copyOf(pieces);
        links = List.copyOf(links);
        refs = List.copyOf(refs);
        goes = List.copyOf(goes);
    }

    /**
     * A link of a snapshot.
     *
     * @param link where it will lie
     * @param blob what it leads to
     */
    record LinkTo(Path link, Path blob) {}

    /**
     * A file that names a commit.
     *
     * @param file where it will lie
     * @param snapshot the folder that must be there by then
     * @param wins whether it replaces what the project has there
     */
    record Ref(Path file, String commit, Path snapshot, boolean wins) {}

    long bytes() {
        return pieces.stream().mapToLong(SourceFile::size).sum();
    }
}
