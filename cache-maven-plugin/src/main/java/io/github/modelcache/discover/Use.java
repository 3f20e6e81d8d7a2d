package io.github.modelcache.discover;

import java.util.Locale;

/** How a project uses a model. The most important comes first. */
public enum Use {
    /** The program loads it unless told otherwise. */
    DEFAULT,
    /** One of several that a user may choose. */
    CHOICE,
    /** A test loads it. */
    TEST,
    /** An example, a page or a comment mentions it. */
    EXAMPLE;

    /** Its name in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
