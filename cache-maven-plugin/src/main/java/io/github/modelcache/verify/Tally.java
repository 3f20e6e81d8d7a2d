package io.github.modelcache.verify;

/** Counts what was looked at. */
final class Tally {

    private long files;
    private long bytes;

    /** A file that was looked at; a missing one has a negative size and does not count. */
    void file(long size) {
        if (size >= 0) {
            files++;
            bytes += size;
        }
    }

    long files() {
        return files;
    }

    long bytes() {
        return bytes;
    }
}
