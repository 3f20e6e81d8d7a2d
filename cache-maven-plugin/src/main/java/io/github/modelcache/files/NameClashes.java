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
 * Finds names that cannot all be files of one folder.
 *
 * <p>Which names a disk takes for one differs: NTFS and FAT ignore case, and Windows dots and spaces at the end; HFS+ and
 * APFS ignore case, how letters with marks are put together, and characters that show nothing; so do folders of ext4 and f2fs
 * with casefold. So {@link #folded} joins whatever any of them may join, and the disk itself is asked about those names.
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
     * The first clash that every file system has.
     *
     * @param names with {@code /} between segments
     * @return a sentence without its full stop; empty when all is well
     */
    public static Optional<String> find(Collection<String> names) {
        return find(names, UnaryOperator.identity());
    }

    /**
     * The first clash that the file system of a folder has. The file system is asked only about names that some disk
     * takes for one.
     *
     * @param probe a folder that does not exist; it is created to try the names, and deleted
     * @param names with {@code /} between segments
     * @return a sentence without its full stop; empty when all is well
     * @throws IOException when nothing can be written there
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

    /** A name as a disk may see it that ignores all that any disk ignores. */
    public static String folded(String name) {
        String bare = IGNORABLE.matcher(decomposed(name)).replaceAll("");
        // Lower case first: the capital sharp s has a small one, which alone turns into two letters.
        String folded = bare.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return ENDING.matcher(decomposed(folded)).replaceAll("");
    }

    private static String decomposed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD);
    }

    /** Segments that differ, although some disk takes them for one. */
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

    /** For each spelling the first one that is the same file here. */
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
                                ? "'" + name + "' is there twice"
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
