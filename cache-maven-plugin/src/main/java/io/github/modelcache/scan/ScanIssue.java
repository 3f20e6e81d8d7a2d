package io.github.modelcache.scan;

/**
 * Something that a scan found.
 *
 * @param kind how to take it
 * @param what one clause that says so, such as "it would call os.system"; with the part of the file in front where it
 *     is not the file itself
 */
public record ScanIssue(Kind kind, String what) {

    /** How to take it. */
    public enum Kind {
        /** Loading the file can run code that nobody allowed. */
        UNSAFE,
        /** What is in it cannot be told. */
        UNREADABLE,
        /** It names code of its repository, which libraries run if they are told to trust it. */
        REMOTE_CODE
    }
}
