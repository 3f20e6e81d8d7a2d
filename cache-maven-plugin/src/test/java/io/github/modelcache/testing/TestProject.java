package io.github.modelcache.testing;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A project folder for tests, and what was said while something worked on it. */
public final class TestProject implements Messages {

    private static final String APPLICATION_CACHES = "\"application_caches\": {\"tmdb\": \"out/tmdb_cache\","
            + " \"musicbrainz\": \"out/musicbrainz_cache\", \"glossary\": \"glossary/cache\"}";

    private final Path root;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    /** A project in this folder. */
    public TestProject(Path root) {
        this.root = root;
    }

    /** Its folder. */
    public Path root() {
        return root;
    }

    /** Writes {@code cache} of the config, with the application caches of a pipeline unless it has some, and reads it. */
    public CacheConfig config(String cacheMembers) throws IOException, ConfigException {
        String applications = cacheMembers.contains("application_caches") ? "" : APPLICATION_CACHES;
        String comma = applications.isEmpty() || cacheMembers.isBlank() ? "" : ", ";
        write("config/hardware_cache.json", "{\"cache\": {" + cacheMembers + comma + applications + "}}");
        return ConfigReader.read(root, root.resolve("config/hardware_cache.json"));
    }

    /** Creates the folders of all roots. */
    public CacheConfig prepared(String cacheMembers) throws IOException, ConfigException {
        CacheConfig config = config(cacheMembers);
        for (var cacheRoot : config.roots()) {
            Files.createDirectories(cacheRoot.path());
        }
        return config;
    }

    /** Its lock. */
    public LockFile lock() {
        return new LockFile(root.resolve("config/models.lock.json"));
    }

    /** Writes a file. */
    public Path write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        // In one step: some tests run several builds of one project at once, which read what others write.
        AtomicFiles.writeUnflushed(file, content.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    /** Every file below a folder with its content, links with their target. */
    public static SortedMap<String, String> contents(Path folder) throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.toList()) {
                contents.put(folder.relativize(path).toString(), content(path));
            }
        }
        return contents;
    }

    private static String content(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "-> " + Files.readSymbolicLink(path);
        }
        return Files.isDirectory(path) ? "/" : Files.readString(path, StandardCharsets.ISO_8859_1);
    }

    /** What was said, one line each. */
    public List<String> said() {
        return List.copyOf(said);
    }

    @Override
    public void info(String message) {
        said.add("info: " + message);
    }

    @Override
    public void warn(String message) {
        said.add("warn: " + message);
    }

    @Override
    public void debug(String message) {
        // Not what a user sees.
    }
}
