package io.github.modelcache.it.maven;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What lies below a folder: each path with its kind, content or link target, and time of change.
 *
 * @param entries by path relative to the folder
 */
public record Fingerprint(SortedMap<String, String> entries) {

    /** Takes the fingerprint of a folder without the paths that {@code skip} names. */
    public static Fingerprint of(Path folder, Predicate<Path> skip) {
        SortedMap<String, String> entries = new TreeMap<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    if (directory.equals(folder)) {
                        return FileVisitResult.CONTINUE;
                    }
                    if (skip.test(directory)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    entries.put(name(directory), "folder");
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (!skip.test(file)) {
                        entries.put(name(file), describe(file, attributes));
                    }
                    return FileVisitResult.CONTINUE;
                }

                private String name(Path path) {
                    return folder.relativize(path).toString();
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Fingerprint(entries);
    }

    private static String describe(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            return "link to " + Files.readSymbolicLink(file);
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return attributes.size() + " bytes " + HexFormat.of().formatHex(digest) + " of "
                    + attributes.lastModifiedTime();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
