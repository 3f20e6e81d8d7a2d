package io.github.modelcache.mojo;

import io.github.modelcache.mojo.maven.SessionEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.execution.MavenSession;

/**
 * Writes a report again at the end of the build if it was deleted. An aggregator that is not a parent is built last, and
 * its {@code clean} deletes the reports of its modules.
 */
final class ReportRestorer {

    private ReportRestorer() {}

    /** Keeps a report that the build may still delete. */
    static void keep(MavenSession session, Path file, Runnable writing) {
        boolean cleans = session.getGoals().stream().anyMatch(goal -> goal.contains("clean"));
        if (!cleans || session.getProjects().size() < 2) {
            return;
        }
        SessionEnd.run(session, () -> {
            if (Files.notExists(file)) {
                writing.run();
            }
        });
    }
}
