package io.github.modelcache.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A released package of spaCy, such as {@code en_core_web_sm} 3.8.0.
 *
 * @see <a href="https://github.com/explosion/spacy-models/releases">Releases of spaCy's models</a>
 */
public record SpacyPackage(String name, String version) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,99}");
    private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z.+!]{0,49}");
    private static final Pattern WHEEL = Pattern.compile("(" + NAME + ")-(" + VERSION + ")-py3-none-any\\.whl");

    /**
     * Checks both parts, which become parts of paths.
     *
     * @throws IllegalArgumentException when spaCy could not have released it
     */
    public SpacyPackage {
        requireName(name);
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException(
                    "'" + version + "' is not a version of a spaCy package; write it like 3.8.0");
        }
    }

    /**
     * Checks what follows {@code spacy:}.
     *
     * @throws IllegalArgumentException when it is no name of a package
     */
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a package of spaCy; write it like spacy:en_core_web_sm");
        }
    }

    /** The model of a wheel with this file name. */
    public static Optional<ModelReference> ofWheel(String fileName) {
        Matcher matcher = WHEEL.matcher(fileName);
        return matcher.matches() ? Optional.of(new ModelReference("spacy", matcher.group(1))) : Optional.empty();
    }

    /** Its name among the releases: {@code en_core_web_sm-3.8.0}. */
    public String release() {
        return name + "-" + version;
    }

    /** The file to install. */
    public String wheel() {
        return release() + "-py3-none-any.whl";
    }
}
