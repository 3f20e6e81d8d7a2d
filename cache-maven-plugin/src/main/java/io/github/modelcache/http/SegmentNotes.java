package io.github.modelcache.http;

import java.io.IOException;
import java.util.Optional;

/** Writes down beside the partial file which segments have arrived, so that the next run goes on from there. */
final class SegmentNotes {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final DownloadOrder order;
    private final Optional<String> validator;
    private final Segments segments;
    private long written = System.nanoTime();

    SegmentNotes(DownloadOrder order, Optional<String> validator, Segments segments) {
        this.order = order;
        this.validator = validator;
        this.segments = segments;
    }

    /** Writes one if the last is older than a second. */
    void writeIfDue(long now) throws IOException {
        if (now - written > SECOND_NANOS) {
            written = now;
            write();
        }
    }

    void write() throws IOException {
        try {
            order.partial().rememberSegments(order.uri(), validator, segments.arrived());
        } catch (IOException e) {
            throw TransferErrors.ofWrite(order.uri(), order.partial().path(), e, -1);
        }
    }

    /** What arrived since the last note is lost where the disk is full. */
    void writeAfter(Exception failure) {
        try {
            write();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
