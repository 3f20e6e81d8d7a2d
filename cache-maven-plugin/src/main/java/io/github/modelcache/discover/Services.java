package io.github.modelcache.discover;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes services that run models. Their models are never proposed. */
final class Services {

    /** Names of services in settings, classes and files, in lower case. */
    private static final Pattern NAME = Pattern.compile(
            "openai|anthropic|azure|gemini|vertex|bedrock|groq|cohere(?!n)|mistral_?ai|watsonx|qianfan|zhipu|moonshot|minimax"
                    + "|oci[._]genai|dashscope|litellm|openrouter|deepinfra|fireworks|replicate(?![a-z])|siliconflow|novita"
                    + "|together[_.]?ai|nvidia_?ai|nvidia_?nim|(?<![a-z])nim(?![a-z])|hf_?inference|inference.?(endpoint|client|api)"
                    + "|hf_?api_?(model|engine)|spring[.]ai[.]huggingface|langchain4j[.]hugging.?face"
                    + "|hugging_?face_?(endpoint|hub$|api|tei|inference|chat_?model|language_?model|embedding_?model)");

    private static final Pattern NAME_OF_SETTING = Pattern.compile("deepseek");

    /** More names of services, which count only in a setting such as {@code provider}. */
    private static final Pattern PROVIDER = Pattern.compile(
            "together|nvidia|mistral|sagemaker(_endpoint)?|perplexity|xai|google|cerebras|sambanova|deepseek");

    /** Clients of services whose models have the same names as on the hub, in lower case. */
    private static final Pattern OF_OPEN_MODELS = Pattern.compile(
            "groq|deepinfra|fireworks|sagemaker_?(endpoint|llm)|openrouter|replicate(?![a-z])|nvidia|(^|[.])(chat)?together(ai|_ai|embeddings|llm)?$|inference_?(client|endpoint|api)"
                    + "|hf_?api(model|engine)|hugging_?face(endpoint|hub|api|tei|inference)");

    private static final Pattern KEY = Pattern.compile("api_?key|base_?url|litellm|anthropic");

    private static final Set<String> PARAMETERS =
            Set.of("api_key", "base_url", "api_base", "key", "endpoint", "api_url");

    private static final Set<String> KEYS = Set.of("api_key", "base_url", "api_base", "api_url", "apiKey", "baseUrl");

    /** A file that mentions this many services lists what they offer. */
    private static final int CATALOG = 4;

    private Services() {}

    /** Whether the path of a setting or of a file names a service. */
    static boolean isOf(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return NAME.matcher(lower).find() || NAME_OF_SETTING.matcher(lower).find();
    }

    /** Whether the value of a setting such as {@code provider} names a service. */
    static boolean isProvider(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return NAME.matcher(lower).find() || PROVIDER.matcher(lower).matches();
    }

    /** Whether a config lists what services offer. */
    static boolean isCatalog(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("chat/completions")
                || lower.contains("https://api.")
                || NAME.matcher(lower)
                                .results()
                                .map(found -> found.group())
                                .distinct()
                                .limit(CATALOG)
                                .count()
                        == CATALOG;
    }

    /** Whether a call is one of a client of services. */
    static boolean isClient(String call) {
        String lower = call.toLowerCase(Locale.ROOT);
        return NAME.matcher(lower).find() || OF_OPEN_MODELS.matcher(lower).find();
    }

    /** Whether a call is one of a client of services that serve models of the hub. */
    static boolean servesOpenModels(String call) {
        return OF_OPEN_MODELS.matcher(call.toLowerCase(Locale.ROOT)).find();
    }

    /** Whether a word of code shows that it talks to a service. */
    static boolean isMentioned(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return KEY.matcher(lower).find() || OF_OPEN_MODELS.matcher(lower).find();
    }

    /** Whether an argument shows that a service is called. */
    static boolean isKey(String argument) {
        return KEYS.contains(argument);
    }

    /** Whether a function with such a parameter asks a service. */
    static boolean isParameter(String name) {
        return PARAMETERS.contains(name);
    }
}
