package io.github.modelcache.finding;

import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ModelReference;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that {@code cache:verify} reports.
 *
 * @param path the file or folder concerned
 * @param expected the expected value, such as a digest
 * @param actual the value found instead
 * @param message one sentence that names the thing
 * @param fix a command to run, or a change to make
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

    /** A finding of its usual severity. */
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

    /** With the model concerned, if there is one. */
    public Finding about(Optional<ModelReference> reference) {
        return new Finding(id, severity, reference, path, expected, actual, message, fix);
    }

    /** With the file or folder concerned. */
    public Finding at(Path place) {
        return new Finding(id, severity, model, Optional.of(place), expected, actual, message, fix);
    }

    /** With the expected and the actual value. */
    public Finding comparing(String should, String is) {
        return new Finding(id, severity, model, path, Optional.of(should), Optional.of(is), message, fix);
    }

    /** With another severity than usual. */
    public Finding as(Severity other) {
        return new Finding(id, other, model, path, expected, actual, message, fix);
    }

    /**
     * The finding as reports write it.
     *
     * @param name writes a path
     */
    public JsonObject toJson(Function<Path, String> name) {
        return JsonObject.builder()
                .put("id", id.id())
                .put("severity", severity.id())
                .putIfPresent("model", model.map(ModelReference::toString))
                .putIfPresent("path", path.map(name))
                .putIfPresent("expected", expected)
                .putIfPresent("actual", actual)
                .put("message", message)
                .put("fix", fix)
                .build();
    }
}
