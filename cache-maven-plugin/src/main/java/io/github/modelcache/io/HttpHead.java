package io.github.modelcache.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The status line and the headers of an answer. A list that is searched: there are few, and most are never asked for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112, HTTP/1.1</a>
 */
final class HttpHead {
    static final int LONGEST_BYTES = 64 * 1024;
    static final int MOST_HEADERS = 200;

    private static final int MOST_INTERIM = 20;
    /** A number of so many digits that is no long becomes negative. */
    private static final int MOST_DIGITS = 19;

    private static final String START = "HTTP/1.";
    private static final int STATUS_AT = 9;
    private static final int STATUS_END = 12;

    private final int status;
    private final boolean keepsAlive;
    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    private HttpHead(int status, boolean keepsAlive) {
        this.status = status;
        this.keepsAlive = keepsAlive;
    }

    /**
     * Reads a head up to its empty line; interim answers (1xx) before it are passed over.
     *
     * @throws IOException if it is no HTTP/1 answer, is too long, or ends early
     */
    static HttpHead read(HttpConnection connection) throws IOException {
        for (int interim = 0; interim <= MOST_INTERIM; interim++) {
            HttpHead head = readOne(connection);
            if (head.status >= 200) {
                return head;
            }
            if (head.status == 101) {
                throw new IOException("the server changes to another protocol, which nobody asked for");
            }
        }
        throw new IOException("the server sends one interim answer after another");
    }

    private static HttpHead readOne(HttpConnection connection) throws IOException {
        String line = connection.line(LONGEST_BYTES);
        int left = LONGEST_BYTES - line.length();
        HttpHead head = ofStatusLine(line);
        for (line = connection.line(left); !line.isEmpty(); line = connection.line(left)) {
            left -= line.length() + 1;
            head.add(line);
        }
        return head;
    }

    private static HttpHead ofStatusLine(String line) throws IOException {
        boolean http = line.startsWith(START)
                && line.length() >= STATUS_END
                && line.charAt(STATUS_AT - 1) == ' '
                && (line.length() == STATUS_END || line.charAt(STATUS_END) == ' ');
        int status = http ? number(line, STATUS_AT, STATUS_END) : -1;
        if (status < 100) {
            throw new IOException("the answer is not HTTP");
        }
        return new HttpHead(status, line.charAt(START.length()) != '0');
    }

    /** Decimal digits as a number, or -1. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private void add(String line) throws IOException {
        boolean folded = line.charAt(0) == ' ' || line.charAt(0) == '\t';
        int last = values.size() - 1;
        if (folded && last >= 0) {
            values.set(last, values.get(last) + " " + line.trim());
            return;
        }
        int colon = line.indexOf(':');
        if (colon <= 0) {
            return; // noise that browsers ignore too
        }
        if (values.size() == MOST_HEADERS) {
            throw new IOException("the answer has more than " + MOST_HEADERS + " headers");
        }
        names.add(line.substring(0, colon).trim());
        values.add(line.substring(colon + 1).trim());
    }

    /** The HTTP status, 200 or more. */
    int status() {
        return status;
    }

    /** The values of this name in any letter case, joined by {@code ", "}. */
    @Nullable
    String get(String name) {
        String found = null;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                found = found == null ? values.get(i) : found + ", " + values.get(i);
            }
        }
        return found;
    }

    /** All headers, found in any letter case. */
    Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < names.size(); i++) {
            map.merge(names.get(i), values.get(i), (one, two) -> one + ", " + two);
        }
        return Collections.unmodifiableMap(map);
    }

    /** Whether the server leaves the connection open after the body. */
    boolean keepsAlive() {
        String connection = get("Connection");
        if (connection == null) {
            return keepsAlive;
        }
        for (String option : connection.split(",", -1)) {
            if (option.trim().equalsIgnoreCase("close")) {
                return false;
            }
            if (option.trim().equalsIgnoreCase("keep-alive")) {
                return true;
            }
        }
        return keepsAlive;
    }

    /** Whether the body comes in chunks. */
    boolean isChunked() throws IOException {
        String encoding = get("Transfer-Encoding");
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return false;
        }
        if (!encoding.equalsIgnoreCase("chunked")) {
            throw new IOException("the answer has the transfer encoding '" + Printable.text(encoding)
                    + "', of which only chunked is known");
        }
        return true;
    }

    /** The announced length of the body in bytes, or -1. A length that is said several times must be one. */
    long length() throws IOException {
        String text = get("Content-Length");
        if (text == null) {
            return -1;
        }
        String first = text.indexOf(',') < 0
                ? text
                : text.substring(0, text.indexOf(',')).trim();
        if (first.length() != text.length()) {
            for (String each : text.split(",", -1)) {
                requireLength(text, each.trim().equals(first));
            }
        }
        requireLength(text, !first.isEmpty() && first.length() <= MOST_DIGITS);
        long length = 0;
        for (int i = 0; i < first.length(); i++) {
            int digit = first.charAt(i) - '0';
            requireLength(text, digit >= 0 && digit <= 9);
            length = length * 10 + digit;
        }
        requireLength(text, length >= 0);
        return length;
    }

    private static void requireLength(String text, boolean right) throws IOException {
        if (!right) {
            throw new IOException("the answer announces the length '" + Printable.text(text) + "', which is none");
        }
    }
}
