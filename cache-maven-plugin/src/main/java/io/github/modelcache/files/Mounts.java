package io.github.modelcache.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The mount points of this machine; empty if the platform has no list. Device numbers are not enough, because bind mounts
 * and Docker volumes often have the number of their parent.
 *
 * @param points in the order of mounting
 */
public record Mounts(List<String> points) {

    private static final int LONGEST = 64 << 20;
    private static final Path LIST = Path.of("/proc/self/mountinfo");
    private static final int POINT_FIELD = 4;
    private static final int OCTAL_DIGITS = 3;
    private static final int OCTAL = 8;

    /** Copies the list. */
    public Mounts {
        points = List.copyOf(points);
    }

    /** The current mounts. */
    public static Mounts now() {
        try {
            return parse(
                    RegularFile.bytes(LIST, LONGEST), Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
        } catch (IOException | IllegalArgumentException e) {
            return ofFileStores(); // not Linux, or without /proc
        }
    }

    /** Reads {@code /proc/self/mountinfo}, in which a space in a name is {@code \040}. */
    static Mounts parse(byte[] list, Charset names) {
        List<String> points = new ArrayList<>();
        for (String line : new String(list, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            if (fields.length > POINT_FIELD) {
                points.add(new String(unescaped(fields[POINT_FIELD]), names));
            }
        }
        return new Mounts(points);
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); at++) {
            int end = at + 1 + OCTAL_DIGITS;
            if (text.charAt(at) == '\\' && end <= text.length()) {
                bytes.write(Integer.parseInt(text.substring(at + 1, end), OCTAL));
                at = end - 1;
            } else {
                bytes.write(text.charAt(at));
            }
        }
        return bytes.toByteArray();
    }

    /** On macOS a file store prints itself as {@code /mount/point (name)}. */
    private static Mounts ofFileStores() {
        List<String> points = new ArrayList<>();
        for (FileStore store : FileSystems.getDefault().getFileStores()) {
            String text = store.toString();
            String name = " (" + store.name() + ")";
            if (text.startsWith("/") && text.endsWith(name)) {
                points.add(text.substring(0, text.length() - name.length()));
            }
        }
        return new Mounts(points);
    }

    /** Whether a path is a mount point. */
    public boolean isPoint(Path real) {
        return !points.isEmpty() && points.contains(real.toString());
    }

    /** The mounts below a folder, without the folder itself. */
    public Mounts below(Path real) {
        return new Mounts(
                points.stream().filter(point -> isBelow(point, real.toString())).toList());
    }

    public boolean isEmpty() {
        return points.isEmpty();
    }

    /** Whether two existing paths are on one mount, so that a rename works. */
    public boolean isOne(Path real, Path other) {
        return indexOf(real.toString()) == indexOf(other.toString());
    }

    /** The last of several mounts on one point counts. */
    private int indexOf(String path) {
        int found = -1;
        int length = -1;
        for (int i = 0; i < points.size(); i++) {
            String point = points.get(i);
            if (point.length() >= length && (point.equals(path) || isBelow(path, point))) {
                found = i;
                length = point.length();
            }
        }
        return found;
    }

    private static boolean isBelow(String path, String folder) {
        return path.startsWith(folder.endsWith("/") ? folder : folder + "/") && path.length() > folder.length();
    }
}
