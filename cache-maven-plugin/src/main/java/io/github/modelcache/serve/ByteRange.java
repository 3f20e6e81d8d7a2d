package io.github.modelcache.serve;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file that a client asks for.
 *
 * @param start offset of the first byte
 * @param length in bytes; 0 if the file has none of the requested bytes
 */
record ByteRange(long start, long length) {

    private static final Pattern SYNTAX = Pattern.compile("bytes=[ \\t]*(\\d{0,18})-(\\d{0,18})[ \\t]*");

    /**
     * Reads a {@code Range} header. Several ranges, what is no range, and any range of an empty file count as none: the
     * answer is the whole file. Clients such as huggingface.js ask for the first byte of every file.
     *
     * @param size of the file in bytes
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14.2">RFC 9110, section 14.2</a>
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher range = SYNTAX.matcher(header);
        if (size == 0
                || !range.matches()
                || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (range.group(1).isEmpty()) {
            long length = Math.min(size, Long.parseLong(range.group(2)));
            return Optional.of(new ByteRange(size - length, length));
        }
        long start = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
        if (last < start && !range.group(2).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ByteRange(start, Math.max(0, Math.min(last, size - 1) - start + 1)));
    }

    /** The {@code Content-Range} header of this part of a file. */
    String contentRange(long size) {
        return length == 0 ? "bytes */" + size : "bytes " + start + "-" + (start + length - 1) + "/" + size;
    }
}
