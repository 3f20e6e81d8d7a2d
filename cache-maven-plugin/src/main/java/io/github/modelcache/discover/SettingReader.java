package io.github.modelcache.discover;

import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** Finds the models in the settings of config files. */
final class SettingReader {

    private static final Pattern SPRING_ONNX =
            Pattern.compile("spring[.]ai[.]embedding[.]transformer[.](onnx[.]model.?uri|tokenizer[.]uri)");

    private static final Pattern OLLAMA = Pattern.compile(
            ".*ollama.*(?<![a-z])model(.?(name|id))?|quarkus[.]langchain4j[.]ollama.*model.?id|(.*[.])?ollama[.]models[.](pull|run)");

    private static final Pattern JLAMA = Pattern.compile(".*(jlama|gpu.?llama3).*model.?name");
    private static final Pattern SPACY_TRANSFORMER = Pattern.compile(".*(transformer|embed|encoder)[.]model[.]name");

    private final ModelNaming naming;

    SettingReader(ModelNaming naming) {
        this.naming = naming;
    }

    /** Reads a setting without looking at others. */
    void read(String path, String value, int line, Findings findings) {
        read(path, value, line, () -> false, findings);
    }

    /**
     * Reads one setting.
     *
     * @param path the names from the root of the file to the setting, with dots between them
     * @param hosted whether a service runs the models of this setting
     */
    void read(String path, String value, int line, BooleanSupplier hosted, Findings findings) {
        if (value.isBlank() || value.length() > ModelNaming.LONGEST) {
            return;
        }
        String text = withDefault(value.strip());
        String lower = path.toLowerCase(Locale.ROOT);
        String name = path.substring(path.lastIndexOf('.') + 1);
        Optional<ModelKind> kind = kind(lower);
        if (kind.isPresent()) {
            naming.of(kind.get(), text).ifPresent(model -> findings.add(model, line, path, Certainty.CERTAIN, false));
            return;
        }
        Optional<NamedModel> spacy = naming.of(ModelKind.SPACY, text);
        if (spacy.isPresent()) {
            findings.add(spacy.get(), line, name, Certainty.LIKELY, false);
        } else if (text.contains("://")) {
            naming.address(text).ifPresent(model -> findings.add(model, line, name, Certainty.LIKELY, false));
        } else if (!Services.isOf(lower) && !hosted.getAsBoolean()) {
            Optional<Certainty> certainty = SettingNames.certainty(name);
            if (certainty.isPresent()) {
                naming.setting(name, text)
                        .filter(model -> !findings.isCatalog())
                        .ifPresent(model -> findings.add(model, line, name, certainty.get(), false));
            } else if (!SettingNames.isOfCode(name)) {
                naming.guess(text)
                        .filter(model -> !findings.isCatalog())
                        .ifPresent(model -> findings.add(model, line, name, Certainty.GUESS, true));
            }
        }
    }

    /** Reads the name of a setting, which may be a model itself. */
    void readName(String path, String name, int line, Findings findings) {
        naming.guess(name)
                .filter(model -> !Services.isOf(path) && !findings.isCatalog())
                .ifPresent(model -> findings.add(model, line, "name", Certainty.GUESS, true));
    }

    private static Optional<ModelKind> kind(String path) {
        if (!path.contains("model") && !path.contains("tokenizer")) {
            return Optional.empty();
        }
        if (SPRING_ONNX.matcher(path).matches()) {
            return Optional.of(ModelKind.URL);
        }
        if (OLLAMA.matcher(path).matches()) {
            return Optional.of(ModelKind.OLLAMA);
        }
        if (JLAMA.matcher(path).matches()) {
            return Optional.of(ModelKind.HUB_OWNED);
        }
        return SPACY_TRANSFORMER.matcher(path).matches() ? Optional.of(ModelKind.HUB) : Optional.empty();
    }

    /** The default value in {@code ${NAME:default}} and {@code ${NAME:-default}}. */
    private static String withDefault(String value) {
        if (!value.startsWith("${") || !value.endsWith("}")) {
            return value;
        }
        int colon = value.indexOf(':');
        return colon < 0
                ? value
                : value.substring(colon + 1, value.length() - 1).replaceFirst("^-", "");
    }
}
