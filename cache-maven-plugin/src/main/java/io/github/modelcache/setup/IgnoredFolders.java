package io.github.modelcache.setup;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The project's {@code .gitignore} and the cache folders that it must name. */
public final class IgnoredFolders {

    /** Keeps every byte, so that a file in any encoding stays the same. */
    public static final Charset CHARSET = StandardCharsets.ISO_8859_1;

    private final Path projectRoot;
    private final List<String> entries = new ArrayList<>();

    /** The cache folders of a project. */
    public IgnoredFolders(CacheConfig config) {
        this(config, List.of());
    }

    /** The cache folders of a project and others; folders outside the project are skipped. */
    public IgnoredFolders(CacheConfig config, List<Path> others) {
        projectRoot = config.projectRoot();
        add(config.baseDir());
        config.roots().stream().map(CacheRoot::path).forEach(this::add);
        entries.add("shared/model-cache/");
        others.forEach(this::add);
    }

    /** The {@code .gitignore} itself. */
    public Path file() {
        return projectRoot.resolve(".gitignore");
    }

    /** The missing entries. */
    public List<String> missing() throws IOException {
        List<String> present = text().lines().map(String::strip).toList();
        return entries.stream()
                .filter(entry -> !covered(raw(entry), isLink(entry), present))
                .toList();
    }

    /** The text with the missing entries at its end; empty if no entry is missing. */
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

    /** Whether git also ignores a folder if it becomes a link; an entry with a slash at its end does not match links. */
    public boolean coversAsLink(Path folder) throws IOException {
        if (!folder.startsWith(projectRoot) || folder.equals(projectRoot)) {
            return true;
        }
        List<String> present = text().lines().map(String::strip).toList();
        return covered(raw(projectRoot.relativize(folder).toString().replace('\\', '/')), true, present);
    }

    private void add(Path folder) {
        if (folder.startsWith(projectRoot) && !folder.equals(projectRoot)) {
            // No slash at its end: it would not match if the folder is a link on another machine.
            String entry = projectRoot.relativize(folder).toString().replace('\\', '/');
            if (!covered(entry, Files.isSymbolicLink(folder), entries)) {
                entries.add(entry);
            }
        }
    }

    /** Whether an entry for the folder or for one of its parents is present. */
    private static boolean covered(String entry, boolean link, List<String> present) {
        String name = "/" + name(entry);
        return present.stream().filter(other -> !name(other).isEmpty()).anyMatch(other -> {
            String pattern = "/" + name(other);
            boolean itself = isAnywhere(other) ? name.endsWith(pattern) : name.equals(pattern);
            boolean parent = isAnywhere(other) ? name.contains(pattern + "/") : name.startsWith(pattern + "/");
            return parent || (itself && (!link || !onlyFolders(other)));
        });
    }

    /** Whether git compares a pattern with the end of each path: it has no slash but at its end, or begins with two stars. */
    private static boolean isAnywhere(String pattern) {
        return pattern.startsWith("**/") || !pattern.replaceFirst("/$", "").contains("/");
    }

    private boolean isLink(String entry) {
        return Files.isSymbolicLink(projectRoot.resolve(entry));
    }

    private static boolean onlyFolders(String entry) {
        return entry.endsWith("/") || entry.endsWith("/*") || entry.endsWith("/**");
    }

    /** {@code /out/x/}, {@code out/x/**} and {@code out/x} name the same folder. */
    private static String name(String entry) {
        String name = entry.replaceFirst("^(\\*\\*)?/", "");
        return onlyFolders(name) ? name.substring(0, name.lastIndexOf('/')) : name;
    }

    private static String raw(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), CHARSET);
    }

    private String text() throws IOException {
        try {
            return new String(RegularFile.bytes(file(), RegularFile.SMALL), CHARSET);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
