package io.github.modelcache.migrate.collect;

import io.github.modelcache.plan.Plan;
import java.nio.file.Path;
import java.util.List;

/**
 * What a migration is about to do.
 *
 * @param plan the changes, in order
 * @param models how many models it brings or frees
 * @param bytes their size
 * @param copyBytes how much of that has to be copied
 * @param twiceBytes how much is stored twice, and won't be
 * @param notes what stays where it is, and why
 * @param undeclared what the home caches hold besides, which the project does not declare
 * @param oldPlaces folders in the project that git should not see while they hold models
 */
public record MigrationPlan(
        Plan plan,
        int models,
        long bytes,
        long copyBytes,
        long twiceBytes,
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
