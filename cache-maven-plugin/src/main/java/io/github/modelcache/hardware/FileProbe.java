package io.github.modelcache.hardware;

import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the beginning of a small system file. Files below {@code /proc} have no size, so it reads until the end. */
final class FileProbe implements Probe<Path> {

    /** {@code /proc/meminfo} has about 1.5 kB. */
    private static final int MAX_BYTES = 64 * 1024;

    @Override
    public Optional<String> ask(Path file) {
        try (InputStream in = RegularFile.stream(file)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }
}
