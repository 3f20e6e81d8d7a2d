package io.github.modelcache.config;

/** How the member {@code hardware} is completed. */
public enum HardwareMode {
    /** Updates it if it differs from this machine. */
    WRITE,
    /** Adds it if it is missing. */
    ADD,
    /** Never changes it. */
    KEEP
}
