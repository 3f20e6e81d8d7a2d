package io.github.modelcache.verify;

import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Something that {@code cache:verify} found.
 *
 * @param id what it is
 * @param severity how bad it is here
 * @param model the model concerned
 * @param path the file or folder concerned
 * @param expected what should be, such as a digest
 * @param actual what is
 * @param message one sentence that names the thing
 * @param fix what to type, or to do
 */
public record Finding(
        FindingId id,
        Severity severity,
        Optional<ModelReference> model,
        Optional<Path> path,
        Optional<String> expected,
        Optional<String> actual,
        String message,
        String fix) {

    /** A finding of its usual severity; the rest is added with the methods below. */
    public static Finding of(FindingId id, String message, String fix) {
        return new Finding(
                id,
                id.severity(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                message,
                fix);
    }

    /** With the model concerned. */
    public Finding about(ModelReference reference) {
        return new Finding(id, severity, Optional.of(reference), path, expected, actual, message, fix);
    }

    /** With the place concerned. */
    public Finding at(Path place) {
        return new Finding(id, severity, model, Optional.of(place), expected, actual, message, fix);
    }

    /** With what should be and what is. */
    public Finding comparing(String should, String is) {
        return new Finding(id, severity, model, path, Optional.of(should), Optional.of(is), message, fix);
    }

    /** With another severity than usual. */
    public Finding as(Severity other) {
        return new Finding(id, other, model, path, expected, actual, message, fix);
    }
}
