package io.github.modelcache.http;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.http.Segments.Range;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the sidecar of a partial file says: the URL for people, its digest for comparing (its query may be a signature), the version
 * of the content and, where segments arrived out of order, which bytes are there.
 *
 * @param validator a strong ETag or a date of the content of this URL, as {@code If-Range} wants it
 * @param ranges what is there, in ascending order; empty where that is the whole file
 */
record PartialNote(Optional<String> validator, Optional<List<Range>> ranges) {
    private static final PartialNote NOTHING = new PartialNote(Optional.empty(), Optional.empty());
    private static final Pattern RANGE = Pattern.compile("\\d{1,18}-\\d{1,18}");
    private static final int VERSION = 2;
    private static final int RANGES = 3;

    /** Reads a sidecar of a file of this length; empty where its ranges can't be right. */
    static Optional<PartialNote> read(Path sidecar, URI uri, long length) {
        List<String> lines;
        try {
            lines = RegularFile.text(sidecar, RegularFile.SMALL).lines().toList();
        } catch (IOException e) {
            return Optional.of(NOTHING); // missing or unreadable: a first run knows no more
        }
        if (lines.size() <= VERSION) {
            return Optional.of(NOTHING);
        }
        boolean same = lines.get(1).equals(fingerprint(uri));
        Optional<String> validator = Optional.of(lines.get(VERSION)).filter(text -> same && !text.isBlank());
        return lines.size() == RANGES
                ? Optional.of(new PartialNote(validator, Optional.empty()))
                : parsed(lines.get(RANGES), length).map(ranges -> new PartialNote(validator, Optional.of(ranges)));
    }

    private static Optional<List<Range>> parsed(String text, long length) {
        List<Range> ranges = new ArrayList<>();
        long end = 0;
        for (String range : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            if (!RANGE.matcher(range).matches()) {
                return Optional.empty();
            }
            int dash = range.indexOf('-');
            Range one = new Range(Long.parseLong(range.substring(0, dash)), Long.parseLong(range.substring(dash + 1)));
            if (one.from() < end || one.to() <= one.from() || one.to() > length) {
                return Optional.empty();
            }
            ranges.add(one);
            end = one.to();
        }
        return Optional.of(ranges);
    }

    void write(Path sidecar, URI uri) throws IOException {
        String there = ranges.map(all -> all.stream()
                        .map(range -> range.from() + "-" + range.to())
                        .collect(Collectors.joining(",", "\n", "")))
                .orElse("");
        String text = Urls.display(uri) + "\n" + fingerprint(uri) + "\n" + validator.orElse("") + there + "\n";
        try {
            AtomicFiles.writeUnflushed(sidecar, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            writeInPlace(sidecar, text, e);
        }
    }

    /** On a full disk there is room only where the last note is. A note that is cut tells of fewer bytes. */
    private static void writeInPlace(Path sidecar, String text, IOException reason) throws IOException {
        try {
            Files.writeString(
                    sidecar,
                    text,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            reason.addSuppressed(e);
            throw reason;
        }
    }

    private static String fingerprint(URI uri) {
        byte[] bytes = uri.toString().getBytes(StandardCharsets.UTF_8);
        return HexFormat.of()
                .formatHex(DigestAlgorithm.SHA256.start(bytes.length).digest(bytes));
    }
}
