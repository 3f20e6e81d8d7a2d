package io.github.modelcache.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** On which mounted file system a path lies, or will lie once it is created. */
public final class Volume {

    private Volume() {}

    /** The path itself, or the nearest folder above it that exists. */
    public static Path existing(Path path) {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    /** The path with all links resolved; its last parts need not exist. */
    public static Path real(Path path) throws IOException {
        Path existing = existing(path);
        return existing.toRealPath()
                .resolve(existing.relativize(path.toAbsolutePath()))
                .normalize();
    }

    /** The device number, if the platform has one. */
    public static Optional<Long> device(Path path) throws IOException {
        try {
            Object device = Files.getAttribute(existing(path).toRealPath(), "unix:dev", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(((Number) device).longValue());
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the system may be able to rename or hard-link one path to the other. */
    public static boolean isSame(Path one, Path other) throws IOException {
        return device(one).equals(device(other)) && Mounts.now().isOne(real(one), real(other));
    }
}
