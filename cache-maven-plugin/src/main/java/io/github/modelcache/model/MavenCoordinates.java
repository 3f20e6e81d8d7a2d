package io.github.modelcache.model;

import java.util.regex.Pattern;

/**
 * Where an artifact lies in a Maven repository, written as Maven's resolver does:
 * {@code groupId:artifactId[:extension[:classifier]]:version}.
 *
 * @param classifier empty for the main artifact
 */
public record MavenCoordinates(String groupId, String artifactId, String extension, String classifier, String version) {

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.+-]+");

    /**
     * Reads coordinates.
     *
     * @throws IllegalArgumentException when a part is missing or holds other characters than Maven allows in file names
     */
    public static MavenCoordinates parse(String text) {
        String[] parts = text.split(":", -1);
        for (String part : parts) {
            if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                throw malformed(text);
            }
        }
        return switch (parts.length) {
            case 3 -> new MavenCoordinates(parts[0], parts[1], "jar", "", parts[2]);
            case 4 -> new MavenCoordinates(parts[0], parts[1], parts[2], "", parts[3]);
            case 5 -> new MavenCoordinates(parts[0], parts[1], parts[2], parts[3], parts[4]);
            default -> throw malformed(text);
        };
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'" + text + "' are not Maven coordinates; write groupId:artifactId[:extension[:classifier]]:version");
    }

    /** Whether the same coordinates can mean another content tomorrow. */
    public boolean snapshot() {
        return version.endsWith("-SNAPSHOT");
    }

    /** The folder of the unpacked artifact below the models root. */
    public String folder() {
        String variant = classifier.isEmpty() ? version : version + "-" + classifier;
        return groupId + "/" + artifactId + "/" + variant;
    }

    /**
     * The package URL of a file within the artifact.
     *
     * @see <a href="https://github.com/package-url/purl-spec">purl</a>
     */
    public String packageUrl(String path) {
        StringBuilder url = new StringBuilder("pkg:maven/" + groupId + "/" + artifactId + "@" + version);
        String separator = "?";
        if (!classifier.isEmpty()) {
            url.append(separator).append("classifier=").append(classifier);
            separator = "&";
        }
        if (!extension.equals("jar")) {
            url.append(separator).append("type=").append(extension);
        }
        return url.append('#').append(path).toString();
    }
}
