package io.github.modelcache.model;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where an artifact lies in a Maven repository, written as Maven's resolver does:
 * {@code groupId:artifactId[:extension[:classifier]]:version}.
 *
 * @param classifier empty for the main artifact
 */
public record MavenCoordinates(String groupId, String artifactId, String extension, String classifier, String version) {

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.+-]+");
    private static final Pattern RANGE = Pattern.compile("[\\[(].*[\\])]");
    private static final Set<String> NEWEST = Set.of("LATEST", "RELEASE");

    /** The extensions of archives. Artifacts of any other one are a file each, even if its format is that of a zip. */
    private static final Set<String> ARCHIVES =
            Set.of("jar", "zip", "war", "ear", "rar", "aar", "nar", "par", "tar.gz", "tgz", "tar.bz2");

    /**
     * Reads coordinates.
     *
     * @throws IllegalArgumentException when a part is missing or holds other characters than Maven allows in file names
     */
    public static MavenCoordinates parse(String text) {
        String[] parts = text.split(":", -1);
        if (RANGE.matcher(parts[parts.length - 1]).matches()) {
            throw new IllegalArgumentException("'" + text + "' has a range of versions; write one version, or RELEASE"
                    + " for the newest release, which the lock then pins");
        }
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
        return new IllegalArgumentException("'" + text
                + "' is not a set of Maven coordinates; write groupId:artifactId[:extension[:classifier]]:version");
    }

    /** Whether the same coordinates can mean another content tomorrow. */
    public boolean snapshot() {
        return version.endsWith("-SNAPSHOT");
    }

    /** Whether the version only says which one is meant; what it is has to be asked for. */
    public boolean moving() {
        return snapshot() || NEWEST.contains(version);
    }

    /**
     * The coordinates of a resolved version.
     *
     * @throws IllegalArgumentException when it is no version
     */
    public MavenCoordinates at(String resolved) {
        if (!PART.matcher(resolved).matches()) {
            throw new IllegalArgumentException("'" + resolved + "' is not a version");
        }
        return new MavenCoordinates(groupId, artifactId, extension, classifier, resolved);
    }

    /**
     * The coordinates that name files and folders: those of a snapshot keep its name, whatever its time stamp is, so that
     * programs find the next one too.
     */
    public MavenCoordinates named(String resolved) {
        return NEWEST.contains(version) ? at(resolved) : this;
    }

    /** Whether the artifact holds files; else it is one itself. */
    public boolean archive() {
        return ARCHIVES.contains(extension.toLowerCase(Locale.ROOT));
    }

    /** The name that the artifact's file has in a repository. */
    public String fileName() {
        return artifactId + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + "." + extension;
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
        return archive() ? url.append('#').append(path).toString() : url.toString();
    }
}
