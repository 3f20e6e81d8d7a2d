package io.github.modelcache.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds names that cannot all be files of one folder. Disks differ: NTFS and FAT ignore case, dots and spaces at the end;
 * HFS+, APFS and casefolded ext4 ignore case, Unicode normalization and invisible characters. {@link #folded} ignores all
 * of these, and the disk is then tested with the names that may clash.
 */
public final class NameClashes {

    private static final Pattern ENDING = Pattern.compile("[. ]+(?=/|$)");

    /**
     * What Unicode calls default ignorable code points.
     *
     * @see <a href="https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt">Unicode data</a>
     */
    private static final Pattern IGNORABLE = Pattern.compile("[\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5"
            + "\\u180B-\\u180F\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0"
            + "\\uFFF0-\\uFFF8\\x{1BCA0}-\\x{1BCA3}\\x{1D173}-\\x{1D17A}\\x{E0000}-\\x{E0FFF}]+");

    private NameClashes() {}

    /**
     * The first clash on every file system.
     *
     * @param names with {@code /} between segments
     * @return a sentence without its full stop; empty if there is no clash
     */
    public static Optional<String> find(Collection<String> names) {
        return find(names, UnaryOperator.identity());
    }

    /**
     * The first clash on the disk of a folder.
     *
     * @param probe a missing folder, which is created to test the names, and deleted
     * @param names with {@code /} between segments
     * @return a sentence without its full stop; empty if there is no clash
     */
    public static Optional<String> in(Path probe, Collection<String> names) throws IOException {
        Optional<String> certain = find(names);
        if (certain.isPresent() || find(names, NameClashes::folded).isEmpty()) {
            return certain;
        }
        Map<String, String> first = new HashMap<>();
        GroupPermissions.createDirectories(probe);
        try {
            for (List<String> spellings : spellings(names)) {
                first.putAll(firstOf(spellings, probe));
            }
        } finally {
            Files.deleteIfExists(probe);
        }
        return find(
                names,
                name -> segments(name)
                        .map(segment -> first.getOrDefault(segment, segment))
                        .collect(Collectors.joining("/")));
    }

    /** A name without everything that any disk ignores. */
    public static String folded(String name) {
        String bare = IGNORABLE.matcher(decomposed(name)).replaceAll("");
        // Lower case first, because only the small sharp s becomes two letters.
        String folded = bare.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return ENDING.matcher(decomposed(folded)).replaceAll("");
    }

    private static String decomposed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD);
    }

    /** Different segments that are equal on some disk. */
    private static List<List<String>> spellings(Collection<String> names) {
        Map<String, Set<String>> byFolded = new HashMap<>();
        names.stream()
                .flatMap(NameClashes::segments)
                .forEach(segment -> byFolded.computeIfAbsent(folded(segment), unused -> new LinkedHashSet<>())
                        .add(segment));
        return byFolded.values().stream()
                .filter(spellings -> spellings.size() > 1)
                .map(List::copyOf)
                .toList();
    }

    private static Stream<String> segments(String name) {
        return Stream.of(name.split("/", -1));
    }

    /** For each spelling, the first spelling of the same file on this disk. */
    private static Map<String, String> firstOf(List<String> spellings, Path probe) throws IOException {
        Map<String, String> first = new HashMap<>();
        List<Path> created = new ArrayList<>();
        try {
            for (String spelling : spellings) {
                Path file = probe.resolve(spelling);
                try (FileChannel channel = AtomicFiles.createNew(file)) {
                    created.add(file);
                    channel.write(ByteBuffer.wrap(spelling.getBytes(StandardCharsets.UTF_8)));
                } catch (FileAlreadyExistsException e) {
                    first.put(spelling, RegularFile.text(file, RegularFile.SMALL));
                }
            }
        } finally {
            for (Path file : created) {
                Files.deleteIfExists(file);
            }
        }
        return first;
    }

    static Optional<String> find(Collection<String> names, UnaryOperator<String> folding) {
        Map<String, String> files = new HashMap<>();
        for (String name : names) {
            String other = files.put(folding.apply(name), name);
            if (other != null) {
                return Optional.of(
                        other.equals(name)
                                ? "'" + name + "' occurs twice"
                                : "'" + other + "' and '" + name + "' are the same name on this disk");
            }
        }
        for (String name : names) {
            for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
                String file = files.get(folding.apply(name.substring(0, slash)));
                if (file != null) {
                    return Optional.of("'" + file + "' is a file and a folder at once");
                }
            }
        }
        return Optional.empty();
    }
}
