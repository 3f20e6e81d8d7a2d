package io.github.modelcache.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for a file name from a server, an archive, a lock or a config: it must not lead out of its folder on any system. */
public final class SafeRelativePath {

    private static final int LONGEST_SEGMENT = 255;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    private SafeRelativePath() {}

    /**
     * The problem of a name.
     *
     * @param name segments separated by {@code /}
     * @return a phrase that follows the name in a sentence, such as "leaves its folder"; empty for a safe name
     */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        if (name.startsWith("/") || name.startsWith("\\") || DRIVE.matcher(name).matches()) {
            return Optional.of("is absolute");
        }
        if (name.indexOf('\0') >= 0) {
            return Optional.of("holds a NUL");
        }
        if (hasLoneSurrogate(name)) {
            return Optional.of("contains a lone surrogate");
        }
        if (name.indexOf('\\') >= 0) {
            return Optional.of("holds a backslash");
        }
        for (String segment : name.split("/", -1)) {
            if (segment.equals("..")) {
                return Optional.of("leaves its folder");
            }
            if (segment.isEmpty() || segment.equals(".")) {
                return Optional.of("has an empty segment");
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
                return Optional.of("has a segment longer than " + LONGEST_SEGMENT + " bytes");
            }
        }
        return Optional.empty();
    }

    /** JSON can contain a lone surrogate, which no file name can. */
    private static boolean hasLoneSurrogate(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < name.length()
                    && Character.isLowSurrogate(name.charAt(i + 1));
            if (Character.isSurrogate(c) && !pair) {
                return true;
            }
            i += pair ? 1 : 0;
        }
        return false;
    }

    /**
     * The file of this name below a folder.
     *
     * @throws IllegalArgumentException when the name has a {@link #problem}
     */
    public static Path resolve(Path folder, String name) {
        Optional<String> problem = problem(name);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("the file name '" + name + "' " + problem.get());
        }
        Path resolved = resolved(folder, name);
        if (!resolved.startsWith(folder.normalize())) {
            throw new IllegalArgumentException("the file name '" + name + "' leaves its folder");
        }
        return resolved;
    }

    private static Path resolved(Path folder, String name) {
        try {
            return folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(FileNames.message(e), e);
        }
    }
}
