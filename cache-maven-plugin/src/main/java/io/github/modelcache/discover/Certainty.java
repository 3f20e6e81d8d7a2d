package io.github.modelcache.discover;

import java.util.Locale;

/** How sure we are that the project loads a model. The surest comes first. */
public enum Certainty {
    /** The name is an argument of a call or a command that loads models. */
    CERTAIN,
    /** A setting for models has this value, or an old cache of the project contains the model. */
    LIKELY,
    /** The text looks like the name of a model. */
    GUESS;

    /** Its name in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
