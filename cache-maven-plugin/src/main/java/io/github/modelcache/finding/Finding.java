package io.github.modelcache.finding;

import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Finding that
                && id == that.id
                && severity == that.severity
                && model.equals(that.model)
                && path.equals(that.path)
                && expected.equals(that.expected)
                && actual.equals(that.actual)
                && message.equals(that.message)
                && fix.equals(that.fix);
    }

    @Override
    public int hashCode() {
        return (id.hashCode() * 31 + message.hashCode()) * 31 + path.hashCode();
    }

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
