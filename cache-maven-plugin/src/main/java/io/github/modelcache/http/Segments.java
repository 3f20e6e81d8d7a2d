package io.github.modelcache.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which bytes of a file have arrived, and which of them a connection is fetching. For several threads. */
final class Segments {
    private final List<Segment> all = new ArrayList<>();
    private int firstOpen;

    /**
     * Bytes of a file.
     *
     * @param from the first byte
     * @param to the first byte after them
     */
    record Range(long from, long to) {}

    /** A piece that one connection fetches from its start to its end. */
    static final class Segment {
        private final long to;
        private long at;
        private @Nullable Object owner;

        private Segment(long from, long to) {
            this.at = from;
            this.to = to;
        }

        /** The first byte that has not arrived. Only the thread that took the segment changes it. */
        long at() {
            return at;
        }

        /** The first byte after it. */
        long to() {
            return to;
        }
    }

    /**
     * The segments of a file.
     *
     * @param total its length in bytes
     * @param length of one segment in bytes; the last of a gap may be shorter
     * @param arrived what is there, in ascending order
     */
    Segments(long total, long length, List<Range> arrived) {
        long at = 0;
        for (Range range : arrived) {
            cut(at, range.from(), length);
            Segment there = new Segment(range.from(), range.to());
            there.at = range.to();
            all.add(there);
            at = range.to();
        }
        cut(at, total, length);
    }

    /**
     * What to ask for first.
     *
     * @param total the length of the file, or -1 if unknown
     */
    static Optional<Segment> first(List<Range> arrived, long total, long length) {
        long end = Math.max(total, arrived.get(arrived.size() - 1).to());
        return Optional.ofNullable(new Segments(end, length, arrived).take(arrived));
    }

    private void cut(long from, long to, long length) {
        for (long at = from; at < to; at += length) {
            all.add(new Segment(at, Math.min(to, at + length)));
        }
    }

    /** Takes the first segment that nobody is fetching; null if there is none. */
    synchronized @Nullable Segment take(Object owner) {
        for (int i = firstOpen; i < all.size(); i++) {
            Segment segment = all.get(i);
            if (segment.owner == null && segment.at < segment.to) {
                segment.owner = owner;
                return segment;
            }
        }
        return null;
    }

    /** Whether somebody could take another segment. */
    synchronized boolean isWaiting() {
        for (int i = firstOpen; i < all.size(); i++) {
            if (all.get(i).owner == null && all.get(i).at < all.get(i).to) {
                return true;
            }
        }
        return false;
    }

    /** Lets another connection fetch what is missing of it, unless another has it already. */
    synchronized void release(Object owner, Segment segment) {
        if (segment.owner == owner) {
            segment.owner = null;
        }
    }

    /** The same of all segments that an owner has taken. */
    synchronized void releaseAll(Object owner) {
        all.forEach(segment -> release(owner, segment));
    }

    /** The next bytes of a segment are in the file; returns whether nothing before them is missing. */
    synchronized boolean arrived(Segment segment, long bytes) {
        segment.at += bytes;
        return segment == all.get(firstOpen);
    }

    /** Up to which byte nothing is missing. */
    synchronized long prefix() {
        while (firstOpen < all.size() - 1 && all.get(firstOpen).at == all.get(firstOpen).to) {
            firstOpen++;
        }
        return all.get(firstOpen).at;
    }

    /** What has arrived, in ascending order, nothing adjacent. */
    synchronized List<Range> arrived() {
        List<Range> ranges = new ArrayList<>();
        long from = 0;
        for (int i = 0; i < all.size(); i++) {
            Segment segment = all.get(i);
            if (segment.at < segment.to) {
                add(ranges, from, segment.at);
                from = segment.to;
            }
        }
        add(ranges, from, all.get(all.size() - 1).to);
        return ranges;
    }

    private static void add(List<Range> ranges, long from, long to) {
        if (from < to) {
            ranges.add(new Range(from, to));
        }
    }
}
