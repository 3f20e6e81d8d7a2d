package io.github.modelcache.model;

import java.util.Optional;

/**
 * How programs call a model, and in which form they want it.
 *
 * @param name how programs call it; by default {@link ModelNames#usual}
 */
public record ModelForm(Optional<String> name) {

    /** The form of a declaration that asks for none. */
    public static final ModelForm USUAL = new ModelForm(Optional.empty());
}
