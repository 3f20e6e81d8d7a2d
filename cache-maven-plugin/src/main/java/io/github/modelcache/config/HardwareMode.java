package io.github.modelcache.config;

/** What becomes of the member {@code hardware} when the config is completed. */
public enum HardwareMode {
    /** It is brought up to date where it differs from this machine. */
    REFRESH,
    /** It stays as it is. */
    KEEP
}
