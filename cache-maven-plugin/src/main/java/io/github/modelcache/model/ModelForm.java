package io.github.modelcache.model;

import java.util.Optional;

/**
 * How programs call a model, and in which form they want it.
 *
 * @param name how programs call it; by default {@link ModelNames#usual}
 * @param unpack whether an archive is unpacked; by default one is whose name says that it is an archive
 * @param links whether links may take the place of files; by default not for ONNX models with external data, which
 *     ONNX Runtime refuses to read through links
 * @param layout the library that finds the model by its own name too
 */
public record ModelForm(
        Optional<String> name, Optional<Boolean> unpack, Optional<Boolean> links, Optional<LibraryLayout> layout) {

    /** The default form. */
    public static final ModelForm USUAL =
            new ModelForm(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
