package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.inventory.usage.SizeRecord;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;

/** Writes reports into {@code target/cache} of the root project, or into the cache if there is no POM. */
final class Reports {

    private static final String SIZE = "size.json";

    private final MavenSession session;
    private final Path folder;
    private final boolean inCache;
    private final Path base;
    private final Messages messages;

    Reports(MavenSession session, CacheConfig config, Messages messages) {
        this.session = session;
        Optional<Path> target = target(session, config);
        this.base = config.baseDir();
        this.inCache = target.isEmpty();
        this.folder = target.orElseGet(() -> new PluginDirectory(config).reports());
        this.messages = messages;
    }

    /** The target folder of the module that has the config. */
    private static Optional<Path> target(MavenSession session, CacheConfig config) {
        Optional<MavenProject> owner = session.getProjects().stream()
                .filter(project -> project.getFile() != null)
                .filter(project -> folder(project).startsWith(config.projectRoot())
                        && config.file().startsWith(folder(project)))
                .max(Comparator.comparing(project -> folder(project).getNameCount()));
        if (owner.isPresent()) {
            return owner.map(
                    project -> Path.of(project.getBuild().getDirectory()).resolve("cache"));
        }
        MavenProject top = session.getTopLevelProject();
        boolean hasPom = top != null && top.getFile() != null;
        return hasPom ? Optional.of(config.projectRoot().resolve("target/cache")) : Optional.empty();
    }

    private static Path folder(MavenProject project) {
        return project.getBasedir().toPath();
    }

    /** The size of the caches at the last build. */
    Optional<SizeRecord> size() {
        return SizeRecord.read(folder.resolve(SIZE));
    }

    void writeSize(SizeRecord size) {
        write(SIZE, size.toJson());
    }

    /** The path of a report. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /** Writes a report; where there is no cache to put it into, or nothing can be written, the screen has to do. */
    void write(String name, Json report) {
        write(name, JsonWriter.write(report));
    }

    /** The same for a report in another format. */
    void write(String name, String report) {
        if (inCache && !Files.isDirectory(base)) {
            return;
        }
        Path file = file(name);
        write(file, report);
        if (!inCache) {
            ReportRestorer.keep(session, file, () -> write(file, report));
        }
    }

    private void write(Path file, String report) {
        try {
            AtomicFiles.writeUnflushed(file, report.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            messages.warn("The report can't be written: " + IoErrors.message(e, folder));
        }
    }
}
