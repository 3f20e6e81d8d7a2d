package io.github.modelcache.discover;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Recognizes settings, variables and entries whose values are names of models. */
final class SettingNames {

    private static final Set<String> SURE = Set.of(
            "model_id",
            "model_name",
            "model_name_or_path",
            "pretrained_model_name_or_path",
            "pretrained_model",
            "repo_id",
            "hf_model",
            "hf_repo",
            "hf_repo_id",
            "hf_model_id",
            "hf_model_name",
            "hub_model_id",
            "base_model",
            "embedding_model",
            "embedding_model_name",
            "embed_model",
            "tokenizer",
            "tokenizer_name",
            "tokenizer_id",
            "model_repo",
            "model_repo_id",
            "checkpoint",
            "reranker_model",
            "rerank_model",
            "whisper_model",
            "asr_model",
            "align_model",
            "diarization_model",
            "vad_model",
            "llm_model",
            "path_or_hf_repo",
            "model_url",
            "model_uri");

    /** Words in settings for code or container images. */
    private static final Set<String> OF_CODE = Set.of(
            "image",
            "repository",
            "container",
            "uses",
            "docker",
            "github",
            "git",
            "push",
            "output",
            "homepage",
            "docs",
            "link",
            "license",
            "author",
            "repo_name");

    private static final Set<String> WORDS = Set.of(
            "model",
            "models",
            "checkpoint",
            "checkpoints",
            "ckpt",
            "pretrained",
            "tokenizer",
            "encoder",
            "embedder",
            "embedding",
            "embeddings",
            "reranker",
            "llm",
            "backbone",
            "vad",
            "asr",
            "diarization",
            "segmentation",
            "hf",
            "huggingface");

    /** Words in settings that are not names of models, such as {@code model_path} or {@code model_type}. */
    private static final Set<String> OTHERS = Set.of(
            "url",
            "image",
            "api",
            "provider",
            "dir",
            "file",
            "path",
            "output",
            "push",
            "license",
            "class",
            "type",
            "task",
            "docs",
            "link",
            "homepage",
            "version",
            "dataset",
            "datasets",
            "hosted",
            "openai",
            "azure",
            "anthropic",
            "bedrock",
            "remote",
            "endpoint",
            "author",
            "title",
            "description",
            "name_prefix",
            "prefix",
            "date",
            "key",
            "token",
            "cache",
            "folder",
            "hash");

    private SettingNames() {}

    /** Whether the value of this setting is a hub model. */
    static boolean isOfHub(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("hf_") || lower.startsWith("hf-") || lower.contains("huggingface_model");
    }

    /** Whether the value of this setting is certainly a model, so that any URL there is one. */
    static boolean isOfModel(String name) {
        return SURE.contains(words(name));
    }

    /** Whether the value of this setting is code or a container image. */
    static boolean isOfCode(String name) {
        return OF_CODE.stream().anyMatch(name.toLowerCase(Locale.ROOT)::contains);
    }

    /** The words of a name in lower case, with {@code _} between them. */
    static String words(String name) {
        StringBuilder words = new StringBuilder(name.length() + 4);
        char before = '_';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean upper = c >= 'A' && c <= 'Z';
            boolean letter = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean starts = upper && before != '_' && !(before >= 'A' && before <= 'Z');
            if (starts || (!letter && before != '_')) {
                words.append('_');
            }
            if (letter) {
                words.append(upper ? (char) (c + ('a' - 'A')) : c);
            }
            before = letter ? c : '_';
        }
        return words.toString();
    }

    /** How sure we are that the value of this setting is a model. Empty if it is not. */
    static Optional<Certainty> certainty(String name) {
        String words = words(name);
        if (SURE.contains(words)) {
            return Optional.of(Certainty.LIKELY);
        }
        boolean model = false;
        for (String word : words.split("_", -1)) {
            if (OTHERS.contains(word)) {
                return Optional.empty();
            }
            model |= WORDS.contains(word);
        }
        return model ? Optional.of(Certainty.GUESS) : Optional.empty();
    }
}
