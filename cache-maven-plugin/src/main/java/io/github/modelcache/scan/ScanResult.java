package io.github.modelcache.scan;

import java.util.List;

/**
 * What a file is, and what is wrong with it.
 *
 * @param format such as {@code safetensors}, {@code pickle} or {@code zip}; {@code other} for what has no format that
 *     is known here
 * @param issues none for a file that may be loaded
 */
public record ScanResult(String format, List<ScanIssue> issues) {

    /** Copies the list. */
    public ScanResult {
        issues = List.copyOf(issues);
    }
}
