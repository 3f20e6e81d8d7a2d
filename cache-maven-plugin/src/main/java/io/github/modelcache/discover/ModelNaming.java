package io.github.modelcache.discover;

import io.github.modelcache.config.BundledNames;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.model.WhisperModels;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns names in sources into references that a config can declare. */
final class ModelNaming {

    static final int LONGEST = 300;

    /** Stricter than {@code HubRepository}: names of local folders do not match. */
    private static final Pattern OWNED = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");

    private static final Pattern LOCAL = Pattern.compile(
            "(?i)(\\.{0,2}/|~|[\\w.-]+\\.(com|org|io|net|dev)/|[a-z]:\\\\).*|.*(\\\\|\\$|<|>|\\{|\\}|\\s|\\.\\.\\.).*"
                    + "|(\\w*models?|data|datasets|src|out|outputs?|checkpoints?|configs?|conf|assets|tmp|temp|path|paths|dir|tests?|docs?"
                    + "|images?|results?|logs?|application|text|audio|video|image|multipart|experiments?|training|metrics|corpus|packages|\\w*cache|runs|scripts|examples?"
                    + "|resources?|weights|pretrained|local|target|build|lib|bin|etc|usr|opt|mnt"
                    + "|home|root|api|v\\d\\w*|static|templates|org)/.*");

    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i).*(your|username|<|path[/_]to|my[-_]?(org|user|name|model|repo|awesome|cool)|placeholder|example[-_]?(org|model)|\\bfoo\\b|dummy|xxx+).*"
                    + "|(\\w*user|test_\\w*|org|owner|name|some|author|organization|namespace|account|me|acme|default)/.*|.*/(tests?|name|openai|models?|embeddings?|repo|model[-_]name|repo[-_]name)");

    private static final Pattern FILE = Pattern.compile(
            "(?i).*\\.(py|java|kt|json|jsonl|ya?ml|toml|txt|md|rst|wav|mp3|mp4|flac|m4a|ogg|csv|tsv|parquet|html?|css|js|ts|png|jpe?g|gif"
                    + "|svg|pdf|bin|pt|pth|ckpt|onnx|tar|gz|zip|jar|sh|xml|ini|cfg|lock|so|dll|npy|npz|pkl|spacy|proto|ipynb|db|log|exe|mdx?|gguf|safetensors)");

    /** Models that only services offer. */
    private static final Pattern HOSTED = Pattern.compile(
            "(?i)(openai/)?(gpt-(?!oss)[345o].*|chatgpt.*|text-(embedding|davinci|ada|curie|babbage|moderation)-.*|o[134](-(mini|preview|pro).*)?|whisper-1|dall-e.*|tts-1.*"
                    + "|davinci.*|gpt-image.*|gpt-realtime.*|gpt-audio.*|codex-.*)"
                    + "|(anthropic|azure|bedrock|vertex_ai|gemini|groq|openrouter|together_ai|fireworks_ai|cohere|perplexity|replicate|xai|x-ai|litellm|ollama|ollama_chat|huggingface|vllm|amazon|azure_ai|deepinfra)/.*"
                    + "|(.*/)?(claude|gemini|command-r|grok)[-.\\d].*|(.*/)?(voyage|titan|embed-english|embed-multilingual)-.*|(mistral|codestral|ministral|pixtral)-(tiny|small|medium|large|embed)(-.*)?|deepseek-(chat|reasoner|coder)|mistral/.*|deepseek/.*");

    private static final Pattern LOCAL_WORD = Pattern.compile(
            "(?i)(my|output|checkpoint|results?|tmp|fine|your|local|test|saved|trained|final|best|last|new|custom|dummy|tiny-random|not|does|non|invalid|unknown|some|hf|run|epoch|step|model|auto|default)[-_\\d.].*"
                    + "|.*[-_](folder|dir|path|checkpoint)");

    /** A model of timm with its weights. */
    private static final Pattern TAGGED = Pattern.compile("[a-z][a-z0-9_]{2,60}\\.[a-z][a-z0-9_]{1,60}");

    /** The oldest data sets have no owner. */
    private static final Pattern DATASET = Pattern.compile("[a-z][a-z0-9_-]{2,60}");

    private static final Set<String> PACKAGED_DATA = Set.of(
            "csv",
            "json",
            "text",
            "parquet",
            "arrow",
            "imagefolder",
            "audiofolder",
            "pandas",
            "webdataset",
            "xml",
            "sql",
            "generator");

    private static final Pattern OLLAMA = Pattern.compile("[a-z0-9][\\w.-]*(/[\\w.-]+)?(:[\\w.-]+)?");
    private static final Pattern OF_SPACY = Pattern.compile("[a-z]{2,3}_[a-z_]+_(sm|md|lg|trf)");

    /** The oldest models have no owner. sentence-transformers does not add its own to these. */
    private static final Pattern CANONICAL = Pattern.compile("albert-(base|large|xlarge|xxlarge)-v[12]"
            + "|bert-(base|large)-(un)?cased(-whole-word-masking)?(-finetuned-(squad|mrpc))?"
            + "|bert-base-(chinese|multilingual-(un)?cased|german-cased|german-dbmdz-(un)?cased)|camembert-base|ctrl"
            + "|distilbert-base-(un)?cased(-distilled-squad|-finetuned-sst-2-english)?"
            + "|distilbert-base-(german|multilingual)-cased|distilgpt2|distilroberta-base|gpt2(-(medium|large|xl))?"
            + "|openai-gpt|roberta-(base|large)(-mnli|-openai-detector)?|t5-(small|base|large|3b|11b)|transfo-xl-wt103"
            + "|xlm-(mlm|clm)-.*|xlm-roberta-(base|large)(-finetuned-conll0[23]-\\w+)?|xlnet-(base|large)-cased");

    private static final Pattern PATH = Pattern.compile("[\\w.+*?-][\\w./+*? -]{0,200}");

    private static final Pattern SPACY_RELEASE = Pattern.compile(
            ".*?/([a-z]{2,3}_[a-z_]+_(?:sm|md|lg|trf))-([0-9][\\w.]*?)(-py3-none-any\\.whl|\\.tar\\.gz|/).*");

    /** Secrets, which are never printed: tokens, and signatures and passwords in URLs. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(hf_[a-z0-9]{16,}|gh[pousr]_[a-z0-9]{16,}|sk-[a-z0-9_-]{16,}|AKIA[0-9A-Z]{12,}|://[^/]*@"
                    + "|[?&][^=]*(token|key|sig|signature|secret|password|auth|credential)[^=]*=).*");

    private final Predicate<String> isFolder;
    private final KnownNames names = KnownNames.read();
    private final WhisperModels whisper = WhisperModels.read();

    /** {@code isFolder} tells whether a relative path exists in the project. */
    ModelNaming(Predicate<String> isFolder) {
        this.isFolder = isFolder;
    }

    /** The model that a library loads by this name. */
    Optional<NamedModel> of(ModelKind kind, String text) {
        String name = text.strip();
        if (name.isEmpty() || name.length() > LONGEST || kind == ModelKind.HOSTED) {
            return Optional.empty();
        }
        try {
            return read(kind, name)
                    .filter(model ->
                            ModelReference.SCHEMES.contains(model.reference().scheme())
                                    && !SECRET.matcher(name).matches());
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no source could have it
        }
    }

    /** The hub model that a setting names. Without an owner it must be one of the oldest, or the setting mentions the hub. */
    Optional<NamedModel> setting(String name, String text) {
        if (text.contains("://") && !text.startsWith("hf://")) {
            return SettingNames.isOfModel(name) ? of(ModelKind.URL, text) : address(text);
        }
        return of(SettingNames.isOfHub(name) || isCanonical(text) ? ModelKind.HUB : ModelKind.HUB_OWNED, text);
    }

    /** The hub model that a text looks like, although its surroundings do not say that it is one. */
    Optional<NamedModel> guess(String text) {
        return ModelWords.isModel(text) ? of(ModelKind.HUB_OWNED, text) : Optional.empty();
    }

    /** Whether this is a well-known hub model without an owner. */
    static boolean isCanonical(String text) {
        return CANONICAL.matcher(text).matches();
    }

    /** Whether a text is {@code owner/name} and not a placeholder. */
    static boolean isOwned(String text) {
        return OWNED.matcher(text).matches() && !PLACEHOLDER.matcher(text).matches();
    }

    /** Whether a text can be a revision, or a file name or pattern in a repository. */
    static boolean isPath(String text) {
        return PATH.matcher(text).matches() && !SECRET.matcher(text).matches();
    }

    /** The hub repository or the weights that a URL points to. */
    Optional<NamedModel> address(String text) {
        if (text.length() > LONGEST || SECRET.matcher(text).matches()) {
            return Optional.empty();
        }
        if (text.startsWith("hf://")) {
            return of(ModelKind.HUB_OWNED, text);
        }
        if (text.startsWith("ollama://")) {
            return of(ModelKind.OLLAMA, text.substring("ollama://".length()));
        }
        Optional<NamedModel> ofHub = ModelAddresses.ofHub(text);
        return ofHub.isPresent() ? ofHub.filter(model -> !model.include().isEmpty()) : ModelAddresses.ofWeights(text);
    }

    private Optional<NamedModel> read(ModelKind kind, String name) {
        return switch (kind) {
            case HUB -> hub(name, "");
            case HUB_OWNED -> name.indexOf('/') < 0 ? Optional.empty() : hub(name, "");
            case SENTENCE -> hub(name, "sentence-transformers/");
            case TIMM ->
                name.matches("hf[_-]hub:.*")
                        ? hub(name, "timm/")
                        : TAGGED.matcher(name).matches() ? NamedModel.of("hf", "timm/" + name) : Optional.empty();
            case FASTEMBED ->
                names.find("fastembed", name).or(() -> name.indexOf('/') < 0 ? Optional.empty() : hub(name, ""));
            case TORCHAUDIO -> names.find("torchaudio", name);
            case DATASET -> dataset(name);
            case FASTER_WHISPER ->
                BundledNames.model("faster-whisper:" + name)
                        .map(model -> new NamedModel(model, Optional.empty(), List.of()))
                        .or(() -> name.indexOf('/') < 0 ? Optional.empty() : hub(name, ""));
            case WHISPER ->
                whisper.find(name)
                        .flatMap(entry -> whisper.reference(entry.file()))
                        .map(model -> new NamedModel(model, Optional.empty(), List.of()));
            case TORCHHUB -> torchHub(name);
            case TORCH ->
                ModelAddresses.ofWeights(name)
                        .map(model -> new NamedModel(
                                new ModelReference("torch", model.reference().id()), Optional.empty(), List.of()));
            case URL -> ModelAddresses.ofHub(name).or(() -> ModelAddresses.ofFile(name));
            case SPACY -> spacy(name);
            case MODELSCOPE ->
                OWNED.matcher(name).matches() && !isLocal(name) ? NamedModel.of("modelscope", name) : Optional.empty();
            case OLLAMA -> ollama(name);
            case OLLAMA_CONSTANT -> names.find("ollama", name);
            case MAVEN -> NamedModel.of("maven", name);
            case SPRING_AI, HOSTED -> Optional.empty();
        };
    }

    /** Ollama also loads hub repositories: {@code hf.co/owner/name:tag}. */
    private Optional<NamedModel> ollama(String name) {
        if (name.startsWith("hf.co/") || name.startsWith("huggingface.co/")) {
            return hub(name.substring(name.indexOf('/') + 1).replaceFirst(":.*", ""), "");
        }
        return OLLAMA.matcher(name).matches() && !HOSTED.matcher(name).matches()
                ? NamedModel.of("ollama", name)
                : Optional.empty();
    }

    private Optional<NamedModel> hub(String given, String defaultOwner) {
        Optional<NamedModel> address = ModelAddresses.ofHub(given);
        if (address.isPresent() || given.contains("://")) {
            return address.or(() -> given.startsWith("hf://") ? hub(given.substring(5), "") : Optional.empty());
        }
        String text = given.replaceFirst("^hf[_-]hub:", "");
        int at = text.indexOf('@');
        String name = at > 0 ? text.substring(0, at) : text;
        boolean prefixed = name.indexOf('/') < 0
                && !defaultOwner.isEmpty()
                && !LOCAL_WORD.matcher(name).matches()
                && !isCanonical(name);
        String id = prefixed ? defaultOwner + name : name;
        boolean owned = OWNED.matcher(id).matches();
        if (isLocal(name) || (!owned && !isCanonical(name)) || (owned && isFolder.test(name))) {
            return Optional.empty();
        }
        NamedModel model = new NamedModel(HubRepository.parse(id).reference(), Optional.empty(), List.of());
        return Optional.of(at > 0 ? model.at(text.substring(at + 1)) : model);
    }

    private static boolean isLocal(String name) {
        return LOCAL.matcher(name).matches()
                || PLACEHOLDER.matcher(name).matches()
                || FILE.matcher(name).matches()
                || HOSTED.matcher(name).matches();
    }

    private Optional<NamedModel> dataset(String name) {
        boolean unowned = DATASET.matcher(name).matches()
                && !PACKAGED_DATA.contains(name)
                && !LOCAL_WORD.matcher(name).matches()
                && !isFolder.test(name);
        return unowned
                ? NamedModel.of("hf", "datasets/" + name)
                : name.indexOf('/') < 0
                        ? Optional.empty()
                        : hub(name, "")
                                .map(model -> new NamedModel(
                                        new ModelReference(
                                                "hf",
                                                "datasets/"
                                                        + model.reference().id().replaceFirst("^datasets/", "")),
                                        model.revision(),
                                        model.include()));
    }

    private static Optional<NamedModel> torchHub(String name) {
        int colon = name.indexOf(':');
        String repository = colon < 0 ? name : name.substring(0, colon);
        if (!OWNED.matcher(repository).matches() || isLocal(repository)) {
            return Optional.empty();
        }
        String id = colon < 0 ? repository : repository + "@" + name.substring(colon + 1);
        TorchHubRepository.parse(id);
        return NamedModel.of("torchhub", id);
    }

    private static Optional<NamedModel> spacy(String name) {
        if (name.indexOf("_") < 0) {
            return Optional.empty();
        }
        Matcher release = SPACY_RELEASE.matcher(name);
        if (release.matches()) {
            return Optional.of(new NamedModel(
                    new ModelReference("spacy", release.group(1)), Optional.of(release.group(2)), List.of()));
        }
        return OF_SPACY.matcher(name).matches() ? NamedModel.of("spacy", name) : Optional.empty();
    }
}
