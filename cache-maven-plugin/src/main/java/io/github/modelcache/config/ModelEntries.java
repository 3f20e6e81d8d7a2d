package io.github.modelcache.config;

import io.github.modelcache.io.Digest;
import io.github.modelcache.io.RelativeName;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code cache.models}. */
final class ModelEntries {
    private static final String ENTRY = "a model such as \"maven:group:artifact:version\", or an object such as"
            + " {\"model\": \"url:https://example.org/vad.onnx\", \"to\": \"vad/vad.onnx\"}";

    private final Map<ModelReference, ConfigValue> declared = new HashMap<>();
    private final Map<String, ConfigValue> targets = new HashMap<>();

    private ModelEntries() {}

    static List<ModelDeclaration> read(ConfigValue cache) throws ConfigException {
        Optional<ConfigValue> models = cache.find("models");
        List<ModelDeclaration> declarations = new ArrayList<>();
        if (models.isPresent()) {
            ModelEntries entries = new ModelEntries();
            for (ConfigValue entry :
                    models.get().items("an array of models such as [\"maven:group:artifact:version\"]")) {
                declarations.add(entries.declaration(entry));
            }
        }
        return declarations;
    }

    private ModelDeclaration declaration(ConfigValue entry) throws ConfigException {
        if (entry.json() instanceof JsonString) {
            return ModelDeclaration.of(reference(entry));
        }
        entry.members(ENTRY);
        Optional<ConfigValue> model = entry.find("model");
        if (model.isEmpty()) {
            throw entry.problem("found an object without \"model\"; expected " + ENTRY);
        }
        Optional<ConfigValue> optional = entry.find("optional");
        return new ModelDeclaration(
                reference(model.get()),
                text(entry, "revision", "a branch, tag or commit such as \"main\""),
                patterns(entry, "include"),
                patterns(entry, "exclude"),
                optional.isPresent() && optional.get().bool(),
                sha256(entry),
                target(entry));
    }

    private ModelReference reference(ConfigValue value) throws ConfigException {
        String text = value.text(ENTRY);
        ModelReference reference;
        try {
            reference = ModelReference.parse(text);
        } catch (IllegalArgumentException e) {
            throw value.problem(String.valueOf(e.getMessage())).because(e);
        }
        ConfigValue before = declared.putIfAbsent(reference, value);
        if (before != null) {
            throw value.problem("found " + value.found() + " a second time (the first is on line " + before.line()
                    + "); expected each model once");
        }
        return reference;
    }

    private static Optional<String> text(ConfigValue entry, String member, String expected) throws ConfigException {
        Optional<ConfigValue> value = entry.find(member);
        return value.isPresent() ? Optional.of(value.get().text(expected)) : Optional.empty();
    }

    private static List<String> patterns(ConfigValue entry, String member) throws ConfigException {
        Optional<ConfigValue> value = entry.find(member);
        return value.isPresent()
                ? ConfigReader.strings(value.get(), "an array of file patterns such as [\"*.onnx\"]")
                : List.of();
    }

    private static Optional<Digest> sha256(ConfigValue entry) throws ConfigException {
        Optional<ConfigValue> value = entry.find("sha256");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String expected = "the file's SHA-256 as 64 hexadecimal digits";
        try {
            return Optional.of(Digest.sha256(value.get().text(expected)));
        } catch (IllegalArgumentException e) {
            throw value.get().wrong(expected).because(e);
        }
    }

    private Optional<String> target(ConfigValue entry) throws ConfigException {
        Optional<ConfigValue> value = entry.find("to");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String expected = "a file name below the models folder such as \"vad/vad.onnx\"";
        String to = value.get().text(expected);
        Optional<String> problem = to.chars().anyMatch(Character::isISOControl)
                ? Optional.of("holds a control character")
                : RelativeName.problem(to);
        if (problem.isPresent()) {
            throw value.get()
                    .problem("found " + value.get().found() + ", which " + problem.get() + "; expected " + expected);
        }
        ConfigValue before = targets.putIfAbsent(to, value.get());
        if (before != null) {
            throw value.get()
                    .problem("found " + value.get().found() + ", which another model has on line " + before.line()
                            + "; expected each file name once");
        }
        return Optional.of(to);
    }
}
