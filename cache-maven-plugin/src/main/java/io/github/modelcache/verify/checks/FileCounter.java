package io.github.modelcache.verify.checks;

/** Counts what was looked at. */
public final class FileCounter {

    private long files;
    private long bytes;

    /** A file that was looked at; a missing one has a negative size and does not count. */
    void file(long size) {
        if (size >= 0) {
            files++;
            bytes += size;
        }
    }

    public long files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }
}
