package io.github.modelcache.json;

import io.github.modelcache.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A JSON text and the tree that was read from it. Immutable. */
public final class JsonDocument {
    /** The largest document that is read, in bytes on disk and in characters in memory: 16 MiB. */
    public static final int MAX_LENGTH = 16 << 20;

    /** The deepest nesting of objects and arrays. */
    public static final int MAX_DEPTH = 200;

    private final String name;
    private final String text;
    private final Json root;

    private JsonDocument(String name, String text, Json root) {
        this.name = name;
        this.text = text;
        this.root = root;
    }

    /**
     * Reads strict JSON (RFC 8259). The text may start with a byte order mark, which it keeps.
     *
     * @param name of the document in messages, such as {@code config/hardware_cache.json}
     * @throws JsonException if it is not JSON, an object has a name twice, it is nested deeper than
     *     {@link #MAX_DEPTH} or longer than {@link #MAX_LENGTH}
     */
    public static JsonDocument parse(String name, String text) throws JsonException {
        if (text.length() > MAX_LENGTH) {
            throw tooLong(name);
        }
        try {
            return new JsonDocument(name, text, new JsonTreeReader(name, text).read());
        } catch (JsonException e) {
            throw MergeConflict.find(text.lines())
                    .map(conflict -> unmerged(name, conflict))
                    .orElse(e);
        }
    }

    private static JsonException unmerged(String name, MergeConflict conflict) {
        return new JsonException(
                name,
                conflict.line(),
                1,
                conflict.problem() + "; keep the lines that you want, and delete the lines with the markers");
    }

    /** Reads a resource of the plugin, such as {@code /io/github/modelcache/models.json}. */
    public static JsonDocument resource(String path) {
        try (InputStream in = JsonDocument.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the plugin");
            }
            return parse(path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JsonException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a file whose name in messages is its path. */
    public static JsonDocument read(Path file) throws IOException, JsonException {
        return read(file.toString(), file);
    }

    /**
     * Reads a file.
     *
     * @throws IOException if the file cannot be read
     * @throws JsonException as {@link #parse}, and if the file is not UTF-8
     */
    public static JsonDocument read(String name, Path file) throws IOException, JsonException {
        try (InputStream in = RegularFile.stream(file)) {
            byte[] bytes = in.readNBytes(MAX_LENGTH + 1);
            if (bytes.length > MAX_LENGTH) {
                throw tooLong(name);
            }
            return parse(name, decode(name, bytes));
        }
    }

    public Json root() {
        return root;
    }

    /** The whole text, a byte order mark included. */
    public String text() {
        return text;
    }

    public String name() {
        return name;
    }

    /** Line of an offset, from 1. */
    public int line(int offset) {
        return TextPosition.line(text, offset);
    }

    /** Column of an offset in Unicode characters, from 1. */
    public int column(int offset) {
        return TextPosition.column(text, offset);
    }

    private static JsonException tooLong(String name) {
        return new JsonException(name, 1, 1, "the document is longer than 16 MiB; expected a smaller one");
    }

    private static String decode(String name, byte[] bytes) throws JsonException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (result.isError()) {
            throw new JsonException(
                    name,
                    text,
                    text.length(),
                    String.format("found the byte 0x%02X, which is not UTF-8 here; save the file as UTF-8", in.get()));
        }
        return text;
    }
}
