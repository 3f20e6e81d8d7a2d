package io.github.modelcache.model;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a model as users write it: a scheme that says where it comes from, and an id within that scheme, such as
 * {@code maven:org.apache.opennlp:opennlp-models-langdetect:1.3.0} or {@code url:https://example.org/vad.onnx}.
 *
 * @param scheme lower-case letters, digits and dashes; starts with a letter
 * @param id what the scheme makes of it; never blank, no control characters
 */
public record ModelReference(String scheme, String id) implements Comparable<ModelReference> {

    /** The schemes that this plugin has a source and a layout for. */
    public static final Set<String> SCHEMES =
            Set.of("hf", "maven", "modelscope", "ollama", "spacy", "torch", "torchhub", "url", "whisper");

    private static final Pattern SYNTAX =
            Pattern.compile("([a-z][a-z0-9-]*):(?!\\s)([^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+)(?<!\\s)");

    /**
     * Reads a reference.
     *
     * @throws IllegalArgumentException when {@code text} is not of the form {@code scheme:id}
     */
    public static ModelReference parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a model; write it as scheme:id, such as"
                    + " maven:group:artifact:version or url:https://host/file");
        }
        return new ModelReference(matcher.group(1), matcher.group(2));
    }

    // By hand: each JVM links generated methods of records anew; see docs/dev/architecture.md.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelReference that && scheme.equals(that.scheme) && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return 31 * scheme.hashCode() + id.hashCode();
    }

    @Override
    public int compareTo(ModelReference other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return scheme + ":" + id;
    }
}
