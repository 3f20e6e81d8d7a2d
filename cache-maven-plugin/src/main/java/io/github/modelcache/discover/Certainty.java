package io.github.modelcache.discover;

import java.util.Locale;

/** How sure it is that the project loads a model, the surest first. */
public enum Certainty {
    /** The name is an argument of a call or a command that loads models. */
    CERTAIN,
    /** The name is the value of a setting for models, or an old cache of the project holds the model. */
    LIKELY,
    /** The name looks like one of a model. */
    GUESS;

    /** Its name in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
