package io.github.modelcache.finding;

import java.util.Locale;

/** What {@code cache:verify} can find. The ids are stable: reports, scripts and docs name them. */
public enum FindingId {
    /** The config can't be read. */
    CONFIG_INVALID(Severity.ERROR),
    /** A folder of the cache is missing. */
    LAYOUT_MISSING(Severity.ERROR),
    /** A file of a declared model is missing. */
    MODEL_MISSING(Severity.ERROR),
    /** A file has another digest or size than expected. */
    MODEL_CORRUPT(Severity.ERROR),
    /** Models are declared, but there is no lock. */
    LOCK_MISSING(Severity.ERROR),
    /** The lock and the declarations disagree. */
    LOCK_DRIFT(Severity.ERROR),
    /** A declaration whose files can change. */
    MODEL_UNPINNED(Severity.WARNING),
    /** A partial download. */
    PARTIAL_DOWNLOAD(Severity.WARNING),
    /** A broken link. */
    DANGLING_LINK(Severity.ERROR),
    /** An HTML page, an LFS pointer or zeroes where a model should be. */
    NOT_A_MODEL(Severity.ERROR),
    /** The content can't be checked. */
    UNVERIFIABLE(Severity.INFO),
    /** A model of this project in a cache outside of the configured roots. */
    STRAY_CACHE(Severity.WARNING),
    /** A cache folder of older set-ups. */
    LEGACY_CACHE(Severity.WARNING),
    /** A content that the model caches hold more than once. */
    DUPLICATE_CONTENT(Severity.WARNING),
    /** A variable set outside of the build differs from the config. */
    ENVIRONMENT_CONFLICT(Severity.WARNING),
    /** The config has the hardware of another machine. */
    HARDWARE_STALE(Severity.INFO),
    /** A cache folder that {@code .gitignore} does not exclude. */
    GITIGNORE_MISSING(Severity.WARNING),
    /** Cached files that git tracks. */
    MODEL_IN_GIT(Severity.ERROR),
    /** A Python environment of the config that is not installed. */
    ENVIRONMENT_MISSING(Severity.INFO),
    /** The cache is larger than {@code warn_size}. */
    SIZE_OVER_WARN(Severity.WARNING),
    /** The cache is larger than {@code max_size}. */
    SIZE_OVER_MAX(Severity.ERROR),
    /** Expired entries of an application cache. */
    APPLICATION_CACHE_EXPIRED(Severity.INFO),
    /** Loading a file can run code that nobody allowed. */
    UNSAFE_MODEL(Severity.ERROR),
    /** A file that cannot be looked into. */
    NOT_SCANNABLE(Severity.WARNING),
    /** A repository whose own code runs when its model is loaded. */
    REMOTE_CODE(Severity.WARNING),
    /** A licence that the policy does not allow. */
    LICENSE_DENIED(Severity.ERROR),
    /** A licence that is not the one that the model had when it was locked before. */
    LICENSE_CHANGED(Severity.WARNING),
    /** A source or publisher that the policy does not allow. */
    SOURCE_DENIED(Severity.ERROR),
    /** A format that the policy does not allow. */
    FORMAT_DENIED(Severity.ERROR),
    /** A model without the signature that the policy requires. */
    SIGNATURE_MISSING(Severity.ERROR),
    /** A signature that does not prove that a model is what its signer signed. */
    SIGNATURE_INVALID(Severity.ERROR);

    private final Severity severity;

    FindingId(Severity severity) {
        this.severity = severity;
    }

    /** The usual severity. */
    public Severity severity() {
        return severity;
    }

    /** As reports write it: {@code model-corrupt}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@link #id}.
     *
     * @throws IllegalArgumentException if there is no such id
     */
    public static FindingId of(String id) {
        return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
