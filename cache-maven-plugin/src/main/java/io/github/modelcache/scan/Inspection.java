package io.github.modelcache.scan;

import io.github.modelcache.files.RandomBytes;
import io.github.modelcache.scan.ScanIssue.Kind;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What was found in one file so far, and how much more work may be spent on it. */
final class Inspection {
    private static final int MOST_ISSUES = 50;
    private static final int MOST_DEPTH = 8;
    private static final int LONGEST_TEXT = 300;
    private static final long LEAST_UNPACKED = 1L << 30;
    private static final long HIGHEST_RATIO = 1000;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Pattern SCRIPT = Pattern.compile(
            "(?i).*\\.(py|sh|bash|zsh|fish|pl|rb|js|mjs|r|jl|lua|php|ps1|bat|command|awk|in|txt|md)|[^.]*");

    private final AllowedNames allowed;
    private final String name;
    private final Set<ScanIssue> issues = new LinkedHashSet<>();
    private final long deadline = System.nanoTime() + LONGEST_NANOS;
    private long unpackable;
    private int depth;

    Inspection(AllowedNames allowed, String name, long size) {
        this.allowed = allowed;
        this.name = name;
        this.unpackable = Math.max(LEAST_UNPACKED, Math.min(size, Long.MAX_VALUE / HIGHEST_RATIO) * HIGHEST_RATIO);
    }

    /** The name of a part, or of the file itself. */
    String name(String where) {
        String path = where.isEmpty() ? name : where.substring(0, where.length() - " > ".length());
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('>')) + 1)
                .strip();
    }

    /** Whether a part has the name of a script, which nobody takes for a model. */
    boolean isScriptName(String where) {
        return SCRIPT.matcher(name(where)).matches();
    }

    AllowedNames allowed() {
        return allowed;
    }

    List<ScanIssue> issues() {
        return List.copyOf(issues);
    }

    void unsafe(String where, String what) {
        add(Kind.UNSAFE, where, what);
    }

    void unreadable(String where, String what) {
        add(Kind.UNREADABLE, where, what);
    }

    void remoteCode(String where, String what) {
        add(Kind.REMOTE_CODE, where, what);
    }

    private void add(Kind kind, String where, String what) {
        if (issues.size() < MOST_ISSUES) {
            String part = where.isEmpty() ? "" : "in " + where.substring(0, where.length() - " > ".length()) + ": ";
            issues.add(new ScanIssue(kind, shortened(TextSanitizer.text(part)) + shortened(TextSanitizer.text(what))));
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** Looks into a part, in its own right; what it is. */
    Format nested(Content content, String where) throws IOException {
        return nested(new ContentScan(content, where, this), where);
    }

    Format nested(ContentScan scan, String where) throws IOException {
        if (depth == MOST_DEPTH) {
            unsafe(where, "archives lie in each other more than " + MOST_DEPTH + " deep");
            return Format.OTHER;
        }
        depth++;
        try {
            return scan.scan();
        } finally {
            depth--;
        }
    }

    /** Counts what is unpacked. */
    void unpacked(int bytes) throws ScanLimitException {
        unpackable -= bytes;
        if (unpackable < 0) {
            throw new ScanLimitException("it unpacks to more than a thousand times its size");
        }
        requireTime();
    }

    private void requireTime() throws ScanLimitException {
        if (System.nanoTime() - deadline > 0) {
            throw new ScanLimitException("the scan took more than 10 minutes");
        }
    }

    /** The same bytes, with a limit on the time that reading them takes. */
    RandomBytes timed(RandomBytes bytes) {
        return new RandomBytes() {
            @Override
            public long size() throws IOException {
                return bytes.size();
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                requireTime();
                return bytes.read(target, position);
            }
        };
    }
}
