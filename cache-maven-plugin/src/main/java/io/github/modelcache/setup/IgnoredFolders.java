package io.github.modelcache.setup;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The project's {@code .gitignore} and the cache folders that it must name. */
public final class IgnoredFolders {

    /** Every byte is a character of its own, so that a file in any encoding comes back as it was. */
    public static final Charset CHARSET = StandardCharsets.ISO_8859_1;

    private final Path projectRoot;
    private final Set<String> folders = new LinkedHashSet<>();

    /** The folders of a project that git must not see. */
    public IgnoredFolders(CacheConfig config) {
        projectRoot = config.projectRoot();
        add(config.baseDir());
        config.roots().stream().map(CacheRoot::path).forEach(this::add);
        folders.add("shared/model-cache/");
    }

    /** The {@code .gitignore} itself. */
    public Path file() {
        return projectRoot.resolve(".gitignore");
    }

    /** The entries that are missing, in the form they are written. */
    public List<String> missing() throws IOException {
        Set<String> present = new LinkedHashSet<>();
        for (String line : text().split("\\R")) {
            present.add(normal(line.strip()));
        }
        return folders.stream().filter(folder -> !covered(raw(folder), present)).toList();
    }

    /** The text with the missing entries at its end, in the file's own line ends; empty when none is missing. */
    public Optional<String> completed() throws IOException {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String text = text();
        String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
        StringBuilder completed = new StringBuilder(text);
        if (!text.isEmpty()) {
            completed.append(text.endsWith("\n") ? "" : lineEnd).append(lineEnd);
        }
        completed.append("# model and application caches (cache-maven-plugin)").append(lineEnd);
        missing.forEach(folder -> completed.append(raw(folder)).append(lineEnd));
        return Optional.of(completed.toString());
    }

    private void add(Path folder) {
        if (folder.startsWith(projectRoot)) {
            String name = projectRoot.relativize(folder).toString().replace('\\', '/');
            if (!name.isEmpty() && !covered(name + "/", normalized(folders))) {
                folders.add(name + "/");
            }
        }
    }

    private static Set<String> normalized(Set<String> entries) {
        Set<String> normalized = new LinkedHashSet<>();
        entries.forEach(entry -> normalized.add(normal(entry)));
        return normalized;
    }

    /** Whether the folder or one above it has an entry. */
    private static boolean covered(String folder, Set<String> present) {
        String name = normal(folder);
        List<String> prefixes = new ArrayList<>(List.of(name));
        for (int slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
            prefixes.add(name.substring(0, slash));
        }
        return prefixes.stream().anyMatch(present::contains);
    }

    /** {@code /out/x/}, {@code out/x/**} and {@code out/x} ignore the same folder. */
    private static String normal(String entry) {
        String normal = entry;
        normal = normal.endsWith("/**") ? normal.substring(0, normal.length() - 3) : normal;
        normal = normal.endsWith("/*") ? normal.substring(0, normal.length() - 2) : normal;
        normal = normal.endsWith("/") ? normal.substring(0, normal.length() - 1) : normal;
        normal = normal.startsWith("/") ? normal.substring(1) : normal;
        return normal;
    }

    private static String raw(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), CHARSET);
    }

    private String text() throws IOException {
        try {
            return new String(Files.readAllBytes(file()), CHARSET);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
