package io.github.modelcache.archive;

import io.github.modelcache.files.NameClashes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the names in one archive, each by itself and all against each other. */
final class EntryNames {
    private static final int LONGEST_SEGMENT_BYTES = 255;
    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);

    private final Path archive;
    private final Set<String> files = new HashSet<>();
    private final Set<String> filesInAnyCase = new HashSet<>();
    private final Set<String> folders = new HashSet<>();

    EntryNames(Path archive) {
        this.archive = archive;
    }

    /**
     * Takes the next name.
     *
     * @throws ArchiveException if it could lead out of a folder, or collides with an earlier one
     */
    void add(String name) throws ArchiveException {
        List<String> segments = segments(name);
        boolean folder = name.endsWith("/") || name.endsWith("\\");
        StringBuilder above = new StringBuilder();
        for (int i = 0; i < segments.size() - (folder ? 0 : 1); i++) {
            above.append('/').append(segments.get(i));
            folders.add(above.toString());
        }
        if (folder) {
            return;
        }
        String normal = "/" + String.join("/", segments);
        files.add(normal);
        if (!filesInAnyCase.add(NameClashes.folded(normal))) {
            throw new ArchiveException(archive, name, "occurs twice, at least on disks that ignore the letter case");
        }
    }

    /**
     * Checks all names together, at the end.
     *
     * @throws ArchiveException if one is a file and a folder at once
     */
    void requireNoFileIsAFolder() throws ArchiveException {
        for (String file : files) {
            if (folders.contains(file)) {
                throw new ArchiveException(archive, file.substring(1), "is a file and a folder at once");
            }
        }
    }

    private List<String> segments(String name) throws ArchiveException {
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new ArchiveException(archive, name, "has a control character in its name");
        }
        if (name.startsWith("/") || name.startsWith("\\") || DRIVE.matcher(name).matches()) {
            throw new ArchiveException(archive, name, "has an absolute path");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : SEPARATOR.split(name, -1)) {
            if (segment.equals("..")) {
                throw new ArchiveException(archive, name, "leads out of the folder it is unpacked to");
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT_BYTES) {
                throw new ArchiveException(
                        archive, name, "has a name longer than " + LONGEST_SEGMENT_BYTES + " bytes in its path");
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        if (segments.isEmpty() && !name.endsWith("/")) {
            throw new ArchiveException(archive, name, "has no name");
        }
        return segments;
    }
}
