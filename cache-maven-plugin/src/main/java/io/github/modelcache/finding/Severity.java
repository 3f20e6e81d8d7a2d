package io.github.modelcache.finding;

import java.util.Locale;

/** How bad a finding is, worst first. */
public enum Severity {
    /** The cache is wrong or incomplete. */
    ERROR,
    /** Something that will cost time or disk space. */
    WARNING,
    /** Something worth knowing. */
    INFO;

    /** As reports write it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
