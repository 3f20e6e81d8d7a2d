package io.github.modelcache.config;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.model.LibraryLayout;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelForm;
import io.github.modelcache.model.ModelNames;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code cache.models} and replaces each short name by its models. */
final class ModelEntries {
    private static final String ENTRY = "a model such as \"maven:group:artifact:version\", or an object such as"
            + " {\"model\": \"url:https://example.org/vad.onnx\", \"to\": \"vad/vad.onnx\"}";

    private final ShortNames shortNames;
    private final Map<ModelVersion, Declared> declared = new LinkedHashMap<>();
    private final Map<String, List<ModelReference>> namesUsed = new LinkedHashMap<>();
    private final Map<String, ConfigValue> targets = new HashMap<>();

    private ModelEntries(ShortNames shortNames) {
        this.shortNames = shortNames;
    }

    /** The declared models, and the short names among the entries with their models. */
    record Models(List<ModelDeclaration> declarations, Map<String, List<ModelReference>> shortNames) {}

    /** A model and its entry; {@code named} is false if the entry is a short name. */
    private record Declared(ModelDeclaration declaration, ConfigValue entry, boolean named) {}

    static Models read(ConfigValue cache) throws ConfigException {
        ModelEntries entries = new ModelEntries(ShortNames.read(cache));
        Optional<ConfigValue> models = cache.find("models");
        if (models.isPresent()) {
            for (ConfigValue entry :
                    models.get().items("an array of models such as [\"maven:group:artifact:version\"]")) {
                entries.declare(entry);
            }
        }
        return new Models(
                entries.declared.values().stream().map(Declared::declaration).toList(), entries.namesUsed);
    }

    private void declare(ConfigValue entry) throws ConfigException {
        ConfigValue model = model(entry);
        String name = model.text(ENTRY);
        Optional<List<ConfigValue>> meaning = shortNames.find(name);
        if (meaning.isEmpty()) {
            add(new Declared(declaration(entry, reference(model)), model, true));
            return;
        }
        for (String member : List.of("sha256", "to")) {
            if (entry.find(member).isPresent()) {
                throw entry.problem(
                        "found \"" + member + "\" beside the short name \"" + name + "\", where it is not allowed");
            }
        }
        List<ModelReference> references = new ArrayList<>();
        List<ModelDeclaration> meant = expanded(name, meaning.get(), new LinkedHashSet<>());
        ModelForm form = form(entry);
        if (form.name().isPresent() && meant.size() > 1) {
            throw entry.problem("found \"name\" beside the short name \"" + name + "\", which stands for "
                    + meant.size() + " models; declare the one that needs a name by its own reference");
        }
        for (ModelDeclaration declaration : meant) {
            ModelDeclaration over = over(declaration, entry);
            ModelDeclaration asked = form.equals(ModelForm.USUAL) ? over : over.in(form);
            add(new Declared(asked, model, false));
            references.add(asked.reference());
        }
        namesUsed.put(name, List.copyOf(references));
    }

    private List<ModelDeclaration> expanded(String name, List<ConfigValue> meaning, Set<String> open)
            throws ConfigException {
        List<ModelDeclaration> declarations = new ArrayList<>();
        open.add(name);
        for (ConfigValue part : meaning) {
            ConfigValue model = model(part);
            String inner = model.text(ENTRY);
            if (open.contains(inner)) {
                throw model.problem("found " + model.found() + ", which refers to itself; expected a model");
            }
            Optional<List<ConfigValue>> deeper = shortNames.find(inner);
            if (deeper.isEmpty()) {
                declarations.add(declaration(part, reference(model)));
                continue;
            }
            for (ModelDeclaration declaration : expanded(inner, deeper.get(), open)) {
                declarations.add(over(declaration, part));
            }
        }
        open.remove(name);
        return declarations;
    }

    private static ConfigValue model(ConfigValue entry) throws ConfigException {
        if (entry.json() instanceof JsonString) {
            return entry;
        }
        entry.members(ENTRY);
        Optional<ConfigValue> model = entry.find("model");
        if (model.isEmpty()) {
            throw entry.problem("found an object without \"model\"; expected " + ENTRY);
        }
        return model.get();
    }

    private ModelReference reference(ConfigValue model) throws ConfigException {
        String text = model.text(ENTRY);
        if (shortNames.meant(text)) {
            String hint = shortNames
                    .nearest(text)
                    .map(name -> "; did you mean \"" + name + "\"?")
                    .orElse("");
            throw model.problem("found " + model.found()
                    + ", which is not a known short name; expected one of the plugin's or of cache.short_names,"
                    + " or a model with its scheme such as \"hf:org/name\"" + hint);
        }
        try {
            return ModelReference.parse(text);
        } catch (IllegalArgumentException e) {
            throw model.problem(String.valueOf(e.getMessage())).because(e);
        }
    }

    private ModelDeclaration declaration(ConfigValue entry, ModelReference reference) throws ConfigException {
        ModelDeclaration plain = over(ModelDeclaration.of(reference), entry);
        return new ModelDeclaration(
                reference,
                plain.revision(),
                plain.include(),
                plain.exclude(),
                plain.optional(),
                sha256(entry),
                entry.read("to", this::fileName),
                form(entry));
    }

    /** The members of an entry override those of the short name. */
    private static ModelDeclaration over(ModelDeclaration declaration, ConfigValue entry) throws ConfigException {
        String revision = "a branch, tag or commit such as \"main\"";
        return new ModelDeclaration(
                declaration.reference(),
                entry.read("revision", value -> value.text(revision)).or(declaration::revision),
                patterns(entry, "include", declaration.include()),
                patterns(entry, "exclude", declaration.exclude()),
                entry.read("optional", ConfigValue::bool).orElse(declaration.optional()),
                declaration.sha256(),
                declaration.to(),
                declaration.form());
    }

    private static ModelForm form(ConfigValue entry) throws ConfigException {
        Optional<LibraryLayout> layout = layout(entry);
        Optional<Boolean> unpack = entry.read("unpack", ConfigValue::bool);
        if (layout.equals(Optional.of(LibraryLayout.DL4J))) {
            unpack = unpack.or(() -> Optional.of(false)); // it reads the archive itself
        }
        return new ModelForm(name(entry), unpack, entry.read("links", ConfigValue::bool), layout);
    }

    private static Optional<LibraryLayout> layout(ConfigValue entry) throws ConfigException {
        String expected = "one of " + LibraryLayout.names();
        return entry.read("layout", value -> {
            Optional<LibraryLayout> layout = LibraryLayout.of(value.text(expected));
            if (layout.isEmpty()) {
                throw value.wrong(expected);
            }
            return layout.get();
        });
    }

    private static void requireSuitable(ModelDeclaration declaration, ConfigValue entry) throws ConfigException {
        Optional<LibraryLayout> layout = declaration.form().layout();
        if (layout.isPresent()
                && !layout.get().schemes().contains(declaration.reference().scheme())) {
            throw entry.problem("found \"layout\": \"" + layout.get().value() + "\" for "
                    + declaration.reference() + "; that library looks for "
                    + String.join(": and ", layout.get().schemes()) + ": models only");
        }
    }

    private static Optional<String> name(ConfigValue entry) throws ConfigException {
        String expected = "a name of letters, digits, dots, dashes and underscores such as \"sentence-model\"";
        return entry.read("name", value -> {
            String name = value.text(expected);
            if (!ModelNames.isName(name)) {
                throw value.wrong(expected);
            }
            return name;
        });
    }

    private void add(Declared model) throws ConfigException {
        requireSuitable(model.declaration(), model.entry());
        ModelVersion version = model.declaration().version();
        Declared before = declared.get(version);
        if (before == null) {
            declared.put(version, model);
            return;
        }
        ConfigValue entry = model.entry();
        if (before.named() && model.named()) {
            throw entry.problem("found " + entry.found() + " a second time (the first is on line "
                    + before.entry().line() + "); expected each model once, or with another \"revision\"");
        }
        if (!before.declaration().request().equals(model.declaration().request())) {
            throw entry.problem("found " + entry.found() + ", which stands for " + version
                    + " with other files than line "
                    + before.entry().line() + "; expected the same files, or the model once");
        }
        ModelForm form = Stream.of(model, before)
                .map(one -> one.declaration().form())
                .filter(one -> !one.equals(ModelForm.USUAL))
                .findFirst()
                .orElse(before.declaration().form());
        Declared kept = before.declaration().optional() ? model : before;
        declared.put(version, new Declared(kept.declaration().in(form), kept.entry(), kept.named()));
    }

    private static List<String> patterns(ConfigValue entry, String member, List<String> otherwise)
            throws ConfigException {
        String expected = "an array of file patterns such as [\"*.onnx\"]";
        return entry.read(member, value -> ConfigReader.strings(value, expected))
                .orElse(otherwise);
    }

    private static Optional<Digest> sha256(ConfigValue entry) throws ConfigException {
        String expected = "the file's SHA-256 as 64 hexadecimal digits";
        return entry.read("sha256", value -> {
            try {
                return Digest.sha256(value.text(expected));
            } catch (IllegalArgumentException e) {
                throw value.wrong(expected).because(e);
            }
        });
    }

    private String fileName(ConfigValue value) throws ConfigException {
        String expected = "a file name below the models folder such as \"vad/vad.onnx\"";
        String to = value.text(expected);
        Optional<String> problem = to.chars().anyMatch(Character::isISOControl)
                ? Optional.of("contains a control character")
                : SafeRelativePath.problem(to);
        if (problem.isPresent()) {
            throw value.problem("found " + value.found() + ", which " + problem.get() + "; expected " + expected);
        }
        ConfigValue before = targets.putIfAbsent(to, value);
        if (before != null) {
            throw value.problem("found " + value.found() + ", which another model has on line " + before.line()
                    + "; expected each file name once");
        }
        return to;
    }
}
