package io.github.modelcache.scan;

import io.github.modelcache.archive.ArchiveException;
import io.github.modelcache.archive.CentralDirectory;
import io.github.modelcache.archive.CentralDirectory.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipEntry;

/**
 * Looks into each entry of a zip archive, whatever its flags and names say, and into what lies between the entries.
 */
final class ZipScan {
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;
    private static final int LONGEST_DESCRIPTOR = 24;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;

    /** The last 64 KiB of each of a thousand storages would cost more time than all the rest. */
    private static final int SHORT_COMMENT = 4000;

    private static final String TORCH_PICKLE = "/data.pkl";
    private static final Pattern TORCH_PICKLES = Pattern.compile("(.*/(data|constants))\\.pkl");
    private static final Pattern STORAGE = Pattern.compile("/(data|constants)/\\d+");
    private static final Path NAME = Path.of("archive");

    private final Content content;
    private final String where;
    private final Inspection inspection;
    private boolean program;
    private Optional<String> torch = Optional.empty();
    private Map<String, Long> sizes = Map.of();

    ZipScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    /** The part up to the end of an archive that the content ends with, as Python finds it; junk may follow. */
    static Optional<Content> atEnd(Content content) throws IOException {
        long end = endRecord(content, LONGEST_COMMENT);
        if (end < 0) {
            return Optional.empty();
        }
        int comment = (int) content.reader(end + 20, 2).le(2);
        return Optional.of(content.part(0, end + END_BYTES + comment));
    }

    /** Where the last end record with a comment of at most so many bytes is; -1 if there is none. */
    private static long endRecord(Content content, int comment) throws IOException {
        int count = (int) Math.min(content.size(), END_BYTES + comment);
        long start = content.size() - count;
        byte[] tail = content.part(start, count).head(count);
        for (int at = count - END_BYTES; at >= 0; at -= step(tail[at])) {
            if (tail[at] == 'P' && tail[at + 1] == 'K' && tail[at + 2] == 5 && tail[at + 3] == 6) {
                return start + at;
            }
        }
        return -1;
    }

    /** How far before a byte the four bytes of an end record may begin, if they do not begin with it. */
    private static int step(byte found) {
        return switch (found) {
            case 'K' -> 1;
            case 5 -> 2;
            case 6 -> 3;
            default -> 4;
        };
    }

    /** Whether it ends with the list of an archive; numbers may only look like an end record by chance. */
    private static boolean endsWithList(Content content) throws IOException {
        long end = endRecord(content, SHORT_COMMENT);
        if (end < 0) {
            return false;
        }
        long list = end - content.reader(end + 12, 4).le(4);
        return Format.starts(content.part(list, 4).head(4), "PK\1\2")
                || Format.starts(content.part(end - 20, 4).head(4), "PK\6\7");
    }

    /** An archive from its first byte on. */
    Format scan() throws IOException {
        return scan(0);
    }

    /** An archive behind something else that was looked at already. */
    void scanBehind() throws IOException {
        scan(Long.MAX_VALUE);
    }

    private Format scan(long first) throws IOException {
        List<Header> headers = new ArrayList<>();
        try {
            headers.addAll(CentralDirectory.read(NAME, content));
        } catch (ArchiveException | ArithmeticException e) {
            inspection.unsafe(where, "it is a zip archive that cannot be followed: " + reason(e));
            return Format.ZIP;
        }
        headers.sort(Comparator.comparingLong(Header::offset));
        program = headers.stream().anyMatch(header -> TorchScriptCode.marks(header.name()));
        torch = headers.stream()
                .map(Header::name)
                .filter(name -> name.endsWith(TORCH_PICKLE))
                .map(name -> name.substring(0, name.length() - TORCH_PICKLE.length()))
                .findFirst();
        if (torch.isPresent()) {
            sizes = headers.stream().collect(Collectors.toMap(header -> lower(header.name()), Header::size, Long::min));
        }
        long free = first;
        for (Header header : headers) {
            between(free, header.offset());
            free = entry(header);
        }
        return format(headers);
    }

    private static String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf("; nothing was unpacked");
        return message.substring(message.indexOf(": ") + 2, end < 0 ? message.length() : end);
    }

    /** What stands between two entries is nothing, padding, or a data descriptor. */
    private void between(long start, long end) throws IOException {
        if (end - start > LONGEST_DESCRIPTOR) {
            inspection.nested(content.part(start, end - start), where + "bytes at " + start + " > ");
        }
    }

    /** Looks into it; returns where it ends. */
    private long entry(Header header) throws IOException {
        ByteReader local = content.reader(header.offset(), 512);
        local.skip(8);
        int method = (int) local.le(2);
        local.skip(LOCAL_HEADER_BYTES - 14);
        int nameLength = (int) local.le(2);
        int extraLength = (int) local.le(2);
        String name = new String(local.bytes(nameLength), StandardCharsets.UTF_8);
        long start = header.offset() + LOCAL_HEADER_BYTES + nameLength + extraLength;
        String part = where + header.name() + " > ";
        if (!name.equals(header.name()) || method != header.method()) {
            inspection.unsafe(
                    part, "the archive describes it in two ways, as '" + header.name() + "' and '" + name + "'");
        }
        if ((header.flags() & ENCRYPTED) != 0) {
            inspection.unreadable(part, "it is marked as encrypted");
        }
        Content packed = content.part(start, header.compressedSize());
        switch (header.method()) {
            case ZipEntry.STORED -> content(header, packed, part);
            case ZipEntry.DEFLATED -> inflated(header, packed, part);
            default ->
                inspection.unreadable(part, "it is compressed by method " + header.method() + ", which cannot be read");
        }
        return start + header.compressedSize();
    }

    private void content(Header header, Content content, String part) throws IOException {
        if (isStorage(header.name(), content)) {
            // PyTorch opens these numbers as no file, and they may start like one by chance.
            new PickleScan(content, part, inspection).scan();
        } else {
            ContentScan scan = new ContentScan(content, part, inspection);
            inspection.nested(scan, part);
            requireWhole(header.name(), scan.storages(), part);
        }
        if (program) {
            new TorchScriptCode(part, inspection).scan(header.name(), content);
        }
    }

    /** Old versions of PyTorch read past the end of an entry that is shorter than the pickle says: CVE-2026-24747. */
    private void requireWhole(String name, TorchStorages storages, String part) {
        Matcher pickle = TORCH_PICKLES.matcher(name);
        if (pickle.matches()) {
            storages.tooLong(key -> sizes.getOrDefault(lower(pickle.group(1) + "/" + key), Long.MAX_VALUE))
                    .ifPresent(key -> inspection.unsafe(part, "its storage '" + key + "' is longer than its entry"));
        }
    }

    /** PyTorch finds entries in any letter case. */
    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private boolean isStorage(String name, Content content) throws IOException {
        boolean numbered = torch.filter(name::startsWith)
                .filter(root -> STORAGE.matcher(name.substring(root.length())).matches())
                .isPresent();
        return numbered
                && Format.of(content.head(Format.HEAD_BYTES), content.size()).mayBeChance()
                && !endsWithList(content);
    }

    private void inflated(Header header, Content packed, String part) throws IOException {
        UnpackedBytes.Opener opener = () -> new InflaterInputStream(packed.open(0), new Inflater(true), 8192) {
            @Override
            public void close() throws IOException {
                super.close();
                inf.end();
            }
        };
        try (UnpackedBytes bytes = new UnpackedBytes(opener, inspection)) {
            content(header, Content.of(bytes), part);
            bytes.problem().ifPresent(problem -> inspection.unreadable(part, "it cannot be unpacked: " + problem));
        }
    }

    private static Format format(List<Header> headers) {
        Set<String> names = headers.stream()
                .map(header -> header.name().substring(header.name().lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
        if (names.contains("data.pkl")) {
            return names.contains("constants.pkl") ? Format.TORCHSCRIPT : Format.TORCH;
        }
        if (names.contains("config.json") && names.contains("metadata.json")) {
            return Format.KERAS;
        }
        boolean arrays = !names.isEmpty() && names.stream().allMatch(name -> name.endsWith(".npy"));
        return arrays ? Format.NPZ : Format.ZIP;
    }
}
