package io.github.modelcache.discover;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognizes {@code owner/name} of typical hub models by the words in it. */
final class ModelWords {

    private static final Pattern SIZE = Pattern.compile("(.*[-_.x])?\\d+(\\.\\d+)?(b|m)([-_.].*)?");

    private static final Pattern FAMILY = Pattern.compile(
            ".*(bert|llama|qwen|mi[sx]tral|whisper|wav2vec|hubert|wavlm|minilm|mpnet|nllb|opus-mt|m2m100|mbart|bart-|pegasus"
                    + "|gemma|phi-[1-4]|smollm|starcoder|codegen|granite-|olmo-|falcon-|bloom|pythia|mamba-|zephyr|vicuna|deepseek-|stablelm"
                    + "|gpt-?(2|j|neo|oss)|dialogpt|electra|xlnet|splade|colbert|rerank|embed|ms-marco|marco-|-nli|gliner|siglip|f5-tts|-tts|tts-|-asr|-vl-|-coder"
                    + "|stable-diffusion|sdxl|sd-turbo|flux\\.1|controlnet|dinov[23]|segformer|mask2former|convnext|resnet|florence-2|llava|blip"
                    + "|trocr|donut-|layoutlm|table-transformer|depth-anything|musicgen|speecht5|xtts|kokoro|parler|ecapa|silero|parakeet"
                    + "|canary-|conformer|titanet|speaker-diarization|segmentation-|vicuna|internlm|baichuan|chatglm|yolo).*"
                    + "|((.*[-_])?(t5|clip|vit|bge|gte|e5|sam2?|detr|opt|mms|swin)-.*|.*-(gguf|awq|gptq|onnx|mlx|4bit|8bit|instruct|chat|finetuned|uncased))");

    /** Owners that usually stand for code or container images. */
    private static final Set<String> OF_CODE = Set.of(
            "qwenlm",
            "ggerganov",
            "ggml-org",
            "facebookresearch",
            "google-research",
            "vllm-project",
            "vllm",
            "lmcache",
            "ollama",
            "abetlen",
            "haotian-liu",
            "actions",
            "docker",
            "linux",
            "pytorch",
            "tensorflow",
            "ultralytics");

    private ModelWords() {}

    /** Whether this is {@code owner/name} and the name is typical of models. */
    static boolean isModel(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash != text.lastIndexOf('/') || text.length() > 100) {
            return false;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String name = lower.substring(slash + 1);
        boolean versioned = name.chars().anyMatch(c -> c == '-' || c == '_' || (c >= '0' && c <= '9'));
        return versioned
                && !OF_CODE.contains(lower.substring(0, slash))
                && !name.endsWith(".cpp")
                && (SIZE.matcher(name).matches() || FAMILY.matcher(name).matches());
    }
}
