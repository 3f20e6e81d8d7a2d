package io.github.modelcache.family.huggingface;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.ParserMessages;
import io.github.modelcache.json.Utf8Input;
import io.github.modelcache.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The list of files of one commit, {@code trees/<commit>.json}, format version 1: by it the hub's clients since 1.22
 * know offline whether a snapshot is complete.
 */
public final class HubTree {

    private static final int VERSION = 1;

    private HubTree() {}

    /**
     * A file that a list names.
     *
     * @param size in bytes, or -1 if the list does not tell
     * @param digest of its content; for a large file the list has the SHA-256, for others git's SHA-1
     */
    public record Entry(String path, long size, Optional<Digest> digest) {}

    /** Receives the entries. */
    @FunctionalInterface
    public interface Reader {

        /** One entry. */
        void entry(Entry entry) throws IOException;
    }

    /**
     * Reads a list twice, so that no entry of a broken list is shown. Entries are not kept in memory.
     *
     * @return why it can't be used; empty if all its entries were shown. A list of another format version has no entries,
     *     because the hub's clients ignore it too
     * @throws IOException when the file can't be read
     */
    public static Optional<String> read(Path file, Reader entries) throws IOException {
        try {
            if (pass(file, entry -> {}) == VERSION) {
                pass(file, entries);
            }
            return Optional.empty();
        } catch (JacksonIOException e) {
            throw new IOException(e.getMessage(), e);
        } catch (JacksonException e) {
            return Optional.of("line " + e.getLocation().getLineNr() + ": " + ParserMessages.problem(e));
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static long pass(Path file, Reader entries) throws IOException {
        long version = 0;
        JsonFactory factory = JsonFactory.builder()
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION) // it is UTF-8, or broken
                .build();
        try (InputStream in = RegularFile.stream(file);
                JsonParser parser =
                        factory.createParser(ObjectReadContext.empty(), Utf8Input.withoutByteOrderMark(in))) {
            expect(parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("files")) {
                    expect(value, JsonToken.START_OBJECT);
                    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                        String path = parser.currentName();
                        expect(parser.nextToken(), JsonToken.START_OBJECT);
                        entries.entry(entry(path, parser));
                    }
                } else if (name.equals("format_version") && value == JsonToken.VALUE_NUMBER_INT) {
                    version = parser.getLongValue();
                } else {
                    parser.skipChildren();
                }
            }
        }
        return version;
    }

    private static Entry entry(String path, JsonParser parser) {
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("the file name '" + path + "' " + problem.get());
        }
        long size = -1;
        long largeSize = -1;
        Optional<Digest> small = Optional.empty();
        Optional<Digest> large = Optional.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("size") && value == JsonToken.VALUE_NUMBER_INT) {
                size = size(path, parser);
            } else if (name.equals("lfs_size") && value == JsonToken.VALUE_NUMBER_INT) {
                largeSize = size(path, parser);
            } else if (name.equals("blob_id") && value == JsonToken.VALUE_STRING) {
                small = Optional.of(new Digest(DigestAlgorithm.GIT_SHA1, parser.getString()));
            } else if (name.equals("lfs_sha256") && value == JsonToken.VALUE_STRING) {
                large = Optional.of(new Digest(DigestAlgorithm.SHA256, parser.getString()));
            } else {
                parser.skipChildren();
            }
        }
        Optional<Digest> fallback = small;
        boolean isLarge = large.isPresent() && largeSize >= 0;
        return new Entry(path, isLarge ? largeSize : size, large.or(() -> fallback));
    }

    private static long size(String path, JsonParser parser) {
        long size = parser.getLongValue();
        if (size < 0) {
            throw new IllegalArgumentException("the file '" + path + "' cannot have a size of " + size + " bytes");
        }
        return size;
    }

    private static void expect(JsonToken found, JsonToken expected) {
        if (found != expected) {
            throw new IllegalArgumentException("it is not the list of files that the hub's clients write");
        }
    }

    /** The text of the list, as the hub's own client writes it. */
    static String text(List<ModelFile> files) {
        StringBuilder text = new StringBuilder("{\n \"files\": {");
        String separator = "\n";
        for (ModelFile file :
                files.stream().sorted(Comparator.comparing(ModelFile::path)).toList()) {
            Digest digest = file.digest().orElseThrow();
            boolean large = digest.algorithm() == DigestAlgorithm.SHA256;
            String blobId = large ? pointerId(digest, file.size()) : digest.hex();
            text.append(separator).append("  \"").append(escaped(file.path())).append("\": {\n");
            text.append("   \"blob_id\": \"").append(blobId).append("\",\n");
            if (large) {
                text.append("   \"lfs_sha256\": \"").append(digest.hex()).append("\",\n");
                text.append("   \"lfs_size\": ").append(file.size()).append(",\n");
            }
            text.append("   \"size\": ").append(file.size()).append("\n  }");
            separator = ",\n";
        }
        return text.append(files.isEmpty() ? "}" : "\n }")
                .append(",\n \"format_version\": 1\n}")
                .toString();
    }

    /** The git name of the pointer that stands for a large file in the repository. */
    public static String pointerId(Digest sha256, long size) {
        byte[] pointer = pointer(sha256, size);
        MessageDigest digest = DigestAlgorithm.GIT_SHA1.start(pointer.length);
        return HexFormat.of().formatHex(digest.digest(pointer));
    }

    /**
     * The pointer that stands for a large file in the repository.
     *
     * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">Git LFS pointers</a>
     */
    public static byte[] pointer(Digest sha256, long size) {
        return ("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.hex() + "\nsize " + size + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }
}
