package io.github.modelcache.progress;

/** A kind of work that takes long. */
public enum Activity {
    /** Files arrive from a server. */
    DOWNLOADING("Downloading", "What has arrived is kept; the next run continues there"),
    /** Files are sent to a registry. */
    PUSHING("Pushing", "The registry keeps the files that it has received in full; the next run sends the others"),
    /** Files are copied on the disk. */
    COPYING("Copying", "Files that were copied in full are kept; the next run copies the others"),
    /** Files are read to compute their digests. */
    HASHING("Hashing", "No file was changed; the next run reads these files again");

    private final String label;
    private final String afterStop;

    Activity(String label, String afterStop) {
        this.label = label;
        this.afterStop = afterStop;
    }

    /** Its name at the start of a line. */
    String label() {
        return label;
    }

    /** What a build that is stopped leaves behind, and what the next one does. */
    String afterStop() {
        return afterStop;
    }
}
