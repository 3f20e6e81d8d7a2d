package io.github.modelcache.migrate.collect;

import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.util.List;

/**
 * The plan of an import.
 *
 * @param plan the changes, in order
 * @param models how many models it imports or deletes
 * @param bytes their size
 * @param copyBytes how much of that is copied
 * @param duplicateBytes the size of the duplicates that it deletes
 * @param notes which files are kept, and why
 * @param undeclared the undeclared models of the home caches
 * @param oldPlaces folders in the project that git must ignore while they contain models
 */
public record MigrationPlan(
        Plan plan,
        int models,
        long bytes,
        long copyBytes,
        long duplicateBytes,
        List<String> notes,
        List<String> undeclared,
        List<Path> oldPlaces) {

    /** Copies the lists. */
    public MigrationPlan {
        notes = List.copyOf(notes);
        undeclared = List.copyOf(undeclared);
        oldPlaces = List.copyOf(oldPlaces);
    }
}
