package io.github.modelcache.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds names that cannot all be files of one folder. */
public final class NameClashes {

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
     * The first clash that this folder's file system has. It is only asked where it matters: for names that differ in
     * nothing but case.
     *
     * @param folder created where missing
     * @param names with {@code /} between segments
     * @return a sentence without its full stop; empty when all is well
     * @throws IOException when nothing can be written there
     */
    public static Optional<String> in(Path folder, Collection<String> names) throws IOException {
        Optional<String> certain = find(names);
        if (certain.isPresent()) {
            return certain;
        }
        Optional<String> possible = find(names, NameClashes::folded);
        return possible.isPresent() && ignoresCase(folder) ? possible : Optional.empty();
    }

    /** A name as a file system sees it that ignores case and how letters with marks are put together. */
    static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    static Optional<String> find(Collection<String> names, UnaryOperator<String> folding) {
        Map<String, String> files = new HashMap<>();
        for (String name : names) {
            String other = files.put(folding.apply(name), name);
            if (other != null) {
                return Optional.of(
                        other.equals(name)
                                ? "'" + name + "' is there twice"
                                : "'" + other + "' and '" + name + "' are the same name on a disk that ignores case");
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

    private static boolean ignoresCase(Path folder) throws IOException {
        GroupAccess.createDirectories(folder);
        Path probe = AtomicFiles.temporaryBeside(folder.resolve("case"));
        try {
            AtomicFiles.createNew(probe).close();
            return Files.exists(folder.resolve(probe.getFileName().toString().toUpperCase(Locale.ROOT)));
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
