package io.github.modelcache.discover;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells what belongs to services that host models: those are never fetched. */
final class Services {

    private static final Set<String> NAMES = Set.of(
            "openai",
            "anthropic",
            "azure",
            "gemini",
            "vertex",
            "bedrock",
            "groq",
            "cohere",
            "mistralai",
            "watsonx",
            "deepseek",
            "qianfan",
            "zhipu",
            "moonshot",
            "minimax",
            "oci.genai",
            "dashscope",
            "litellm",
            "openrouter",
            "sagemaker",
            "deepinfra",
            "fireworks",
            "replicate",
            "siliconflow",
            "novita",
            "together_ai",
            "together.ai",
            "nvidia_nim");

    private static final Pattern ENDPOINT =
            Pattern.compile("inference.?endpoint|spring[.]ai[.]huggingface|langchain4j[.]hugging.?face");

    /** In code with one of these words, a name is not taken for a model to fetch. */
    private static final List<String> CLIENTS = List.of(
            "openrouter",
            "fireworks",
            "groq",
            "deepinfra",
            "litellm",
            "replicate",
            "together_ai",
            "togetherai",
            "api_key",
            "apikey",
            "base_url",
            "inferenceclient",
            "anthropic");

    private static final Set<String> PARAMETERS =
            Set.of("api_key", "base_url", "api_base", "key", "endpoint", "api_url");

    /** A file that names so many is a list of what services offer. */
    private static final int CATALOG = 4;

    private Services() {}

    /** Whether the path of a setting or of a file names a service. */
    static boolean isOf(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return NAMES.stream().anyMatch(lower::contains)
                || ENDPOINT.matcher(lower).find();
    }

    /** Whether a config is a list of what services offer. */
    static boolean isCatalog(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("chat/completions")
                || lower.contains("https://api.")
                || NAMES.stream().filter(lower::contains).limit(CATALOG).count() == CATALOG;
    }

    /** Whether a word of code shows that it talks to a service. */
    static boolean isClient(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return CLIENTS.stream().anyMatch(lower::contains);
    }

    /** Whether a function with such a parameter asks a service. */
    static boolean isParameter(String name) {
        return PARAMETERS.contains(name);
    }
}
