package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.inventory.SizeRecord;
import io.github.modelcache.io.AtomicFiles;
import io.github.modelcache.io.IoErrors;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;

/** Where reports lie: {@code target/cache} of the root project, or the cache itself where there is no POM. */
final class Reports {

    private static final String SIZE = "size.json";

    private final Path folder;
    private final boolean inCache;
    private final Path base;
    private final Messages messages;

    Reports(MavenSession session, CacheConfig config, Messages messages) {
        Optional<Path> target = target(session, config);
        this.base = config.baseDir();
        this.inCache = target.isEmpty();
        this.folder = target.orElseGet(() -> new OwnFiles(config).reports());
        this.messages = messages;
    }

    private static Optional<Path> target(MavenSession session, CacheConfig config) {
        for (MavenProject project : session.getProjects()) {
            if (project.getFile() != null
                    && config.projectRoot().equals(project.getBasedir().toPath())) {
                return Optional.of(Path.of(project.getBuild().getDirectory()).resolve("cache"));
            }
        }
        MavenProject top = session.getTopLevelProject();
        boolean hasPom = top != null && top.getFile() != null;
        return hasPom ? Optional.of(config.projectRoot().resolve("target/cache")) : Optional.empty();
    }

    /** What the caches held when a build last looked. */
    Optional<SizeRecord> size() {
        return SizeRecord.read(folder.resolve(SIZE));
    }

    /** Remembers what the caches hold. */
    void writeSize(SizeRecord size) {
        write(SIZE, size.toJson());
    }

    /** Writes a report; where there is no cache to put it into, or nothing can be written, the screen has to do. */
    void write(String name, Json report) {
        if (inCache && !Files.isDirectory(base)) {
            return;
        }
        Path file = folder.resolve(name);
        try {
            AtomicFiles.write(file, JsonWriter.write(report).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            messages.warn("The report can't be written: " + IoErrors.message(e, folder));
        }
    }
}
