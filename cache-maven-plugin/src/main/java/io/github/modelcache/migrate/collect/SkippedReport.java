package io.github.modelcache.migrate.collect;

import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.TextSanitizer;
import io.github.modelcache.units.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says which files are kept in their old folder, and why. */
final class SkippedReport {

    private static final int NAMED = 3;

    private final Path projectRoot;
    private final List<String> lines = new ArrayList<>();

    SkippedReport(Path projectRoot) {
        this.projectRoot = projectRoot;
    }

    /** A path for messages. */
    String name(Path path) {
        return TextSanitizer.text(Plan.name(projectRoot, path));
    }

    void add(Path path, String what) {
        lines.add(name(path) + " " + what);
    }

    /** Adds a line, unless it was added before. */
    void addOnce(Path path, String what) {
        if (!lines.contains(name(path) + " " + what)) {
            add(path, what);
        }
    }

    /** Adds one line for many files. */
    void addAll(List<Path> paths, String what) {
        if (paths.isEmpty()) {
            return;
        }
        lines.add(Words.some(paths.stream().map(this::name).toList(), NAMED) + " " + what);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
