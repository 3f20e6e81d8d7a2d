package io.github.modelcache.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of a declaration that decides which files are meant. The lock repeats it, so that a changed declaration is
 * seen as drift.
 *
 * @param revision the branch, tag or commit asked for
 * @param include patterns of the files to fetch; empty means all
 * @param exclude patterns of the files to leave out
 * @param to the path of the file below its cache root
 * @param unpack what the declaration says of unpacking, if anything
 * @param links what the declaration says of links, if anything
 */
public record ModelRequest(
        Optional<String> revision,
        List<String> include,
        List<String> exclude,
        Optional<String> to,
        Optional<Boolean> unpack,
        Optional<Boolean> links) {

    /** A request that leaves every choice to the source. */
    public static final ModelRequest PLAIN = new ModelRequest(Optional.empty(), List.of(), List.of(), Optional.empty());

    /** A request for the usual form. */
    public ModelRequest(Optional<String> revision, List<String> include, List<String> exclude, Optional<String> to) {
        this(revision, include, exclude, to, Optional.empty(), Optional.empty());
    }

    /** Copies the lists. */
    public ModelRequest {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelRequest that
                && revision.equals(that.revision)
                && include.equals(that.include)
                && exclude.equals(that.exclude)
                && to.equals(that.to)
                && unpack.equals(that.unpack)
                && links.equals(that.links);
    }

    @Override
    public int hashCode() {
        return ((revision.hashCode() * 31 + include.hashCode()) * 31 + exclude.hashCode()) * 31
                + to.hashCode()
                + unpack.hashCode() * 7
                + links.hashCode() * 5;
    }
}
