package io.github.modelcache.config;

import io.github.modelcache.files.FileNames;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Rules for paths in the config. */
final class ConfigPaths {
    private static final Pattern HOME = Pattern.compile("~([/\\\\].*)?", Pattern.DOTALL);
    private static final Pattern WINDOWS_DRIVE = Pattern.compile("[A-Za-z]:[/\\\\].*", Pattern.DOTALL);

    private final Path projectRoot;

    ConfigPaths(Path projectRoot) {
        this.projectRoot = projectRoot;
    }

    /** A relative path inside the project, or an absolute path; {@code example} is for the message. */
    Path resolve(ConfigValue value, String example) throws ConfigException {
        String expected = "a path such as \"" + example + "\"";
        String text = value.text(expected);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw value.problem(
                    "found " + value.found() + ", which contains a control character; write each backslash twice, or /;"
                            + " expected " + expected);
        }
        if (HOME.matcher(text).matches()) {
            throw value.problem("found " + value.found() + "; ~ is not expanded here, so write the absolute path");
        }
        try {
            return resolve(value, text, expected);
        } catch (InvalidPathException e) {
            throw value.problem("found " + value.found() + "; " + FileNames.message(e) + "; expected " + expected)
                    .because(e);
        }
    }

    private Path resolve(ConfigValue value, String text, String expected) throws ConfigException {
        Path path = Path.of(text);
        if (path.isAbsolute()) {
            return path.normalize();
        }
        if (path.getRoot() != null || WINDOWS_DRIVE.matcher(text).matches()) {
            throw value.problem("found " + value.found() + ", which is neither relative nor absolute on this system;"
                    + " expected " + expected);
        }
        Path resolved = projectRoot.resolve(path).normalize();
        if (!resolved.startsWith(projectRoot)) {
            throw value.problem("found " + value.found() + ", which leaves the project; expected a relative path inside"
                    + " the project, or an absolute path");
        }
        return resolved;
    }

    /** The path of a folder for caches alone. */
    Path resolveRoot(ConfigValue value, String example) throws ConfigException {
        Path path = resolve(value, example);
        if (projectRoot.startsWith(path)) {
            throw value.problem("found " + value.found()
                    + ", which contains the project itself; expected a folder for caches alone, such as \"" + example
                    + "\"");
        }
        return path;
    }

    /** A path for messages: relative if it is inside the project. */
    static String display(Path projectRoot, Path path) {
        return path.startsWith(projectRoot) && !path.equals(projectRoot)
                ? projectRoot.relativize(path).toString().replace(File.separatorChar, '/')
                : path.toString();
    }
}
