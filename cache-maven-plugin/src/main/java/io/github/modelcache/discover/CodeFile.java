package io.github.modelcache.discover;

import io.github.modelcache.discover.KnownCalls.KnownCall;
import io.github.modelcache.discover.code.Call;
import io.github.modelcache.discover.code.Definitions;
import io.github.modelcache.discover.code.Range;
import io.github.modelcache.discover.code.SourceCode;
import io.github.modelcache.discover.code.Token;
import io.github.modelcache.discover.code.Value;
import io.github.modelcache.discover.code.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the models in one file of source code. */
final class CodeFile {

    /** Functions that get another function and run it later: {@code partial(load, "name")}. */
    private static final Set<String> LATER = Set.of("partial", "to_thread", "run_sync");

    /** Names of spaCy packages are shorter than this. */
    private static final int SHORT = 40;

    private static final Pattern BUNDLE = Pattern.compile("[A-Z][A-Z0-9]{2,}[A-Z0-9_]*");

    private final CodeReader.Tools tools;
    private final SourceCode code;
    private final Findings findings;
    private final Definitions definitions;
    private final Values values;
    private final boolean hasNames;
    private final Set<String> reported = new HashSet<>();
    private final Set<String> hosted = new HashSet<>();
    private boolean asksServices;
    private @Nullable Boolean services;

    CodeFile(CodeReader.Tools tools, SourceCode code, Findings findings) {
        this.tools = tools;
        this.code = code;
        this.findings = findings;
        this.definitions = new Definitions(code);
        this.values = new Values(code, definitions);
        this.hasNames =
                code.hasText(text -> (text.indexOf('/') > 0 && text.indexOf(' ') < 0) || ModelNaming.isCanonical(text));
    }

    void read() {
        readCalls();
        definitions.all().forEach(this::readDefinition);
        readStrings();
    }

    void readCalls() {
        for (Call call : code.calls()) {
            readCall(call);
            if (LATER.contains(call.simpleName())) {
                code.bound(call).ifPresent(this::readCall);
            }
            if (call.name().equals("Value")) {
                call.positional(0).ifPresent(this::readInjected);
            }
        }
    }

    private void readCall(Call call) {
        Optional<KnownCall> line = tools.known().find(call);
        if (line.isPresent() && line.get().kind() != ModelKind.HOSTED) {
            readLoad(call, line.get());
        } else if (line.isPresent() || Services.isClient(call.name()) || hasKey(call)) {
            asksServices |= Services.servesOpenModels(call.name());
            call.arguments().forEach(argument -> readHosted(argument.value()));
        }
    }

    private void readLoad(Call call, KnownCall line) {
        for (String argument : line.models()) {
            Optional<Range> given = argument(call, argument);
            List<Value> all = given.map(values::of)
                    .orElseGet(() -> isNamed(argument) && code.unpacks(call) ? values.entries(argument) : List.of());
            if (all.isEmpty()) {
                given.flatMap(values::openName)
                        .ifPresent(name -> findings.open(new OpenNames.Use(name, line.kind(), line.how())));
            }
            all.forEach(value -> report(call, line, value));
        }
    }

    /** Remembers the names that a service gets, because nobody fetches those models. */
    private void readHosted(Range argument) {
        List<Value> all = values.of(argument);
        all.forEach(value -> hosted.add(value.text()));
        if (all.isEmpty()) {
            values.openName(argument).ifPresent(name -> findings.open(new OpenNames.Use(name, ModelKind.HOSTED, "")));
        }
    }

    /** Whether the call has an argument such as {@code api_key}, or names a provider. */
    private boolean hasKey(Call call) {
        return call.arguments().stream().anyMatch(argument -> argument.name() != null && isOfService(argument));
    }

    private boolean isOfService(Call.Argument argument) {
        String name = String.valueOf(argument.name());
        return Services.isKey(name)
                || (name.endsWith("provider")
                        && code.literal(argument.value())
                                .filter(token -> Services.isProvider(token.text()))
                                .isPresent());
    }

    /** Reads the default value in {@code @Value("${key:default}")}. */
    private void readInjected(Range argument) {
        Token token = code.tokens().get(argument.start());
        int colon = token.text().indexOf(':');
        if (token.kind() == Token.Kind.TEMPLATE && token.text().startsWith("${") && colon > 0) {
            tools.settings().read(token.text().substring(2, colon), token.text(), token.line(), findings);
        }
    }

    private void report(Call call, KnownCall line, Value value) {
        Optional<NamedModel> model = tools.naming().of(kind(call, line), value.text());
        if (model.isEmpty()) {
            return;
        }
        reported.add(value.text());
        NamedModel named = model.get();
        Optional<String> revision =
                single(call.named("revision")).filter(ModelNaming::isPath).or(named::revision);
        List<String> include = new ArrayList<>(named.include());
        for (String argument : line.files()) {
            argument(call, argument).map(values::of).orElse(List.of()).stream()
                    .map(Value::text)
                    .filter(ModelNaming::isPath)
                    .forEach(include::add);
        }
        findings.add(
                new NamedModel(named.reference(), revision, include),
                value.line(),
                line.how(),
                Certainty.CERTAIN,
                value.choice());
    }

    private ModelKind kind(Call call, KnownCall line) {
        if (line.kind() == ModelKind.SPRING_AI) {
            return code.tokens().stream().anyMatch(token -> token.text().startsWith("Ollama"))
                    ? ModelKind.OLLAMA
                    : ModelKind.HOSTED;
        }
        boolean dataset = line.kind() == ModelKind.HUB
                && single(call.named("repo_type")).filter("dataset"::equals).isPresent();
        return dataset ? ModelKind.DATASET : line.kind();
    }

    private Optional<String> single(Optional<Range> range) {
        List<Value> all = range.map(values::of).orElse(List.of());
        return all.size() == 1 ? Optional.of(all.get(0).text()) : Optional.empty();
    }

    private Optional<Range> argument(Call call, String which) {
        return isNamed(which) ? call.named(which) : call.positional(Integer.parseInt(which));
    }

    private static boolean isNamed(String argument) {
        return !Character.isDigit(argument.charAt(0));
    }

    /** Reports a variable, default or entry whose name says "model", although no call in this file loads it. */
    private void readDefinition(Definitions.Definition definition) {
        if (definition.isConstant(code)) {
            constant(definition.value())
                    .ifPresent(value -> findings.constant(definition.name(), value.text(), value.line()));
            code.constant(definition.value()).ifPresent(other -> findings.alias(definition.name(), other));
        }
        Optional<Certainty> certainty = SettingNames.certainty(definition.name());
        if (certainty.isPresent() && isOfOllama(definition)) {
            values.of(definition.value())
                    .forEach(value -> tools.naming()
                            .of(ModelKind.OLLAMA, value.text())
                            .ifPresent(model -> findings.add(
                                    model, value.line(), definition.name(), Certainty.LIKELY, value.choice())));
            return;
        }
        boolean mayName = hasNames || SettingNames.isOfHub(definition.name());
        if (certainty.isEmpty() || !mayName) {
            return;
        }
        if (isOfService(definition)) {
            values.of(definition.value()).forEach(value -> hosted.add(value.text()));
            return;
        }
        for (Value value : values.of(definition.value())) {
            boolean done = !value.literal()
                    || asksServices
                    || reported.contains(value.text())
                    || hosted.contains(value.text());
            Optional<NamedModel> model =
                    done ? Optional.empty() : tools.naming().setting(definition.name(), value.text());
            model.ifPresent(named -> {
                reported.add(value.text());
                findings.add(
                        named, value.line(), definition.name(), certainty.get(), value.choice() || definition.choice());
            });
        }
    }

    /** The value of a constant, if it has exactly one. It may be the default of an environment variable. */
    private Optional<Value> constant(Range range) {
        boolean mayBe = code.literal(range).isPresent() || code.isCall(range);
        List<Value> all = mayBe ? values.of(range) : List.of();
        return all.size() == 1 && all.get(0).text().length() <= ModelNaming.LONGEST
                ? Optional.of(all.get(0))
                : Optional.empty();
    }

    private boolean isOfService(Definitions.Definition definition) {
        return findings.isCatalog()
                || definitions.parameters(definition.scope()).stream().anyMatch(Services::isParameter)
                || isEntryOfService(definition);
    }

    private boolean isOfOllama(Definitions.Definition definition) {
        return code.nameAround(definition.at()).toLowerCase(Locale.ROOT).contains("ollama");
    }

    /** Whether the dictionary or the call around it belongs to a service. */
    private boolean isEntryOfService(Definitions.Definition definition) {
        ConfigMapping around = new ConfigMapping().inner("");
        code.entriesAround(definition.at()).forEach(around::add);
        return around.isHosted(definition.name()) || Services.isOf(code.nameAround(definition.at()));
    }

    /** Reports what needs no call: URLs of weights, commands, torchaudio bundles, and typical model names. */
    private void readStrings() {
        for (int i = 0; i < code.tokens().size(); i++) {
            Token token = code.tokens().get(i);
            if (token.kind() == Token.Kind.STRING) {
                readString(token, i);
            } else if (BUNDLE.matcher(token.text()).matches()) {
                readBundle(token, i);
            }
        }
    }

    private boolean talksToServices() {
        if (services == null) {
            services = asksServices
                    || findings.isCatalog()
                    || code.tokens().stream().map(Token::text).anyMatch(Services::isMentioned);
        }
        return services;
    }

    private void readString(Token token, int index) {
        String text = token.text();
        if (reported.contains(text)) {
            return;
        }
        if (text.contains("://")) {
            tools.naming()
                    .address(text)
                    .ifPresent(model -> findings.add(model, token.line(), "address", Certainty.LIKELY, false));
        } else if (!hosted.contains(text)) {
            tools.naming()
                    .guess(text)
                    .filter(model -> !talksToServices())
                    .ifPresent(model -> findings.add(model, token.line(), "name", Certainty.GUESS, true));
        }
        if (text.length() < SHORT) {
            tools.naming()
                    .of(ModelKind.SPACY, text)
                    .filter(model -> !reported.contains(text))
                    .ifPresent(model -> findings.add(model, token.line(), "name", Certainty.GUESS, true));
        }
        if (text.contains(" download ") || text.contains("ollama pull ")) {
            tools.shell().line(text, token.line(), findings.inComments());
        } else if (text.equals("download") || text.equals("pull")) {
            tools.shell().line(String.join(" ", code.listAround(index)), token.line(), findings);
        }
    }

    /** Reads {@code torchaudio.pipelines.WAV2VEC2_ASR_BASE_960H} and {@code OllamaModel.LLAMA3_2}. */
    private void readBundle(Token token, int index) {
        tools.naming()
                .of(ModelKind.OLLAMA_CONSTANT, token.text())
                .filter(model -> code.chain(index).startsWith("OllamaModel."))
                .ifPresent(model -> findings.add(model, token.line(), "OllamaModel", Certainty.CERTAIN, false));
        tools.naming()
                .of(ModelKind.TORCHAUDIO, token.text())
                .filter(model -> code.chain(index).startsWith("torchaudio.")
                        || code.imports("torchaudio.pipelines." + token.text()))
                .ifPresent(model -> findings.add(model, token.line(), "torchaudio", Certainty.CERTAIN, false));
    }
}
