package io.github.modelcache.report;

import io.github.modelcache.config.Budget;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.inventory.usage.SizeRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What the page shows. Sizes are in bytes.
 *
 * @param project the folder of the project
 * @param version of the plugin
 * @param at time of the report
 * @param zone of the dates
 * @param freeDiskBytes free space on the disk of the cache, if known
 * @param models largest first
 * @param findings worst first
 * @param cleanings the scopes of {@code cache:clean}
 * @param history sizes, oldest first
 * @param notes what could not be shown, in sentences
 */
public record ReportData(
        Path project,
        String version,
        Instant at,
        ZoneId zone,
        long bytes,
        long files,
        Budget budget,
        Optional<Long> freeDiskBytes,
        List<Root> roots,
        List<Model> models,
        List<Finding> findings,
        List<Cleaning> cleanings,
        List<SizeRecord> history,
        List<String> notes) {

    /** Copies the lists. */
    public ReportData {
        roots = List.copyOf(roots);
        models = List.copyOf(models);
        findings = List.copyOf(findings);
        cleanings = List.copyOf(cleanings);
        history = List.copyOf(history);
        notes = List.copyOf(notes);
    }

    /** A cache root. */
    public record Root(String name, Path path, long bytes, long files, Optional<Budget> budget) {}

    /**
     * A model.
     *
     * @param family the scheme of its reference
     * @param state such as {@code complete}
     * @param formats of its weights
     * @param declaredBy the config, or the models that need it; empty if nobody
     * @param newer a newer revision, if one is known
     */
    public record Model(
            String reference,
            String family,
            long bytes,
            String state,
            Optional<String> revision,
            Optional<String> license,
            List<String> formats,
            Optional<Instant> lastUsed,
            List<String> declaredBy,
            Optional<String> newer) {

        /** Copies the lists. */
        public Model {
            formats = List.copyOf(formats);
            declaredBy = List.copyOf(declaredBy);
        }
    }

    /**
     * What one scope of {@code cache:clean} would free.
     *
     * @param entries the number of entries that it would delete
     * @param bytes empty if it can't be told
     */
    public record Cleaning(String scope, String meaning, Optional<Long> bytes, int entries, String command) {}
}
