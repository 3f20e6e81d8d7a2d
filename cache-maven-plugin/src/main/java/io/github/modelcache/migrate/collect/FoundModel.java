package io.github.modelcache.migrate.collect;

import io.github.modelcache.catalog.ExternalCache;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.List;

/**
 * A model, or a part of one, in an old folder.
 *
 * @param source its folder or file there
 * @param target its folder or file in the project's cache
 * @param processLock the lock that builds hold while they fetch it
 * @param deletable the files and links that can be deleted after the import
 * @param whole whether the source contains nothing else, so that it can be renamed
 * @param folder whether an existing target counts as complete, so that it must be created in one step
 */
record FoundModel(
        ExternalCache place,
        ModelReference model,
        Path source,
        Path target,
        Path processLock,
        List<SourceFile> files,
        List<LinkTo> links,
        List<Ref> refs,
        List<Path> deletable,
        boolean whole,
        boolean folder) {

    FoundModel {
        files = List.copyOf(files);
        links = List.copyOf(links);
        refs = List.copyOf(refs);
        deletable = List.copyOf(deletable);
    }

    /** A link of a snapshot to a blob, both in the project's cache. */
    record LinkTo(Path link, Path blob) {}

    /**
     * A file that names a commit.
     *
     * @param file its path in the project's cache
     * @param snapshot the folder that must exist before
     * @param wins whether it replaces the project's file
     */
    record Ref(Path file, String commit, Path snapshot, boolean wins) {}

    /** Some of its files and links; the old folder is kept. */
    FoundModel with(List<SourceFile> someFiles, List<LinkTo> someLinks) {
        return new FoundModel(
                place, model, source, target, processLock, someFiles, someLinks, refs, List.of(), false, folder);
    }

    long bytes() {
        return files.stream().mapToLong(SourceFile::size).sum();
    }
}
