package io.github.modelcache.config;

/** What becomes of the member {@code hardware} when the config is completed. */
public enum HardwareMode {
    /** It is brought up to date where it differs from this machine. */
    WRITE,
    /** It is added where the config has none; one that is there stays as it is. */
    ADD,
    /** It stays as it is, and is not added. */
    KEEP
}
