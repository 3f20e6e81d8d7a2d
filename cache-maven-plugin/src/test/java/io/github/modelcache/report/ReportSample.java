package io.github.modelcache.report;

import io.github.modelcache.config.Budget;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.usage.SizeRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A report as a speech project would have it. */
final class ReportSample {

    static final Path PROJECT = Path.of("/home/ana/projects/subtitles").toAbsolutePath();
    private static final long MB = 1_000_000;
    private static final Instant NOW = Instant.parse("2026-11-30T09:30:00Z");
    private static final String CONFIG = "config/hardware_cache.json";

    private ReportSample() {}

    static ReportData full() {
        return with(models(), findings());
    }

    static ReportData with(List<ReportData.Model> models, List<Finding> findings) {
        long bytes = models.stream().mapToLong(ReportData.Model::bytes).sum() + 310 * MB;
        return new ReportData(
                PROJECT,
                "0.1.0",
                NOW,
                ZoneOffset.UTC,
                bytes,
                models.size() * 9L,
                new Budget(15_000 * MB, 20_000 * MB),
                Optional.of(212_000 * MB),
                List.of(
                        root("huggingface", bytes - 2_000 * MB, new Budget(10_000 * MB, Long.MAX_VALUE)),
                        root("torch", 1_400 * MB, null),
                        root("whisper", 290 * MB, null),
                        root("models", 60 * MB, null),
                        root("tmdb", 310 * MB, null)),
                models,
                findings,
                List.of(
                        cleaning("stale", "expired application entries, abandoned partial downloads", 120 * MB, 214),
                        cleaning("unused", "models that are not in the lock file", 1_530 * MB, 2),
                        cleaning("metadata", "the application caches", 310 * MB, 1_204),
                        cleaning("models", "all models; locked ones can be fetched again", bytes - 310 * MB, 14),
                        cleaning("all", "models and application caches", bytes, 1_218)),
                history(bytes),
                List.of());
    }

    private static ReportData.Root root(String name, long bytes, @Nullable Budget budget) {
        return new ReportData.Root(
                name, PROJECT.resolve(".cache").resolve(name), Math.max(0, bytes), 42, Optional.ofNullable(budget));
    }

    private static ReportData.Cleaning cleaning(String scope, String meaning, long bytes, int entries) {
        return new ReportData.Cleaning(
                scope, meaning, Optional.of(bytes), entries, "mvn cache:clean -Dcache.scope=" + scope);
    }

    static List<ReportData.Model> models() {
        return Stream.of(
                        model("hf:Systran/faster-whisper-large-v3", 3_090, "complete", "mit", "bin", CONFIG, 0),
                        model("hf:openai/whisper-large-v3-turbo", 1_620, "complete", "mit", "safetensors", CONFIG, 1),
                        model(
                                "hf:facebook/nllb-200-distilled-600M",
                                2_460,
                                "complete",
                                "cc-by-nc-4.0",
                                "bin",
                                CONFIG,
                                3),
                        model(
                                "hf:intfloat/multilingual-e5-large",
                                2_240,
                                "complete",
                                "mit",
                                "onnx, safetensors",
                                CONFIG,
                                12),
                        model(
                                "torch:wav2vec2_fairseq_base_ls960_asr_ls960.pth",
                                378,
                                "complete",
                                null,
                                "pth",
                                CONFIG,
                                2),
                        model("torchhub:facebookresearch/demucs", 1_020, "partial", "mit", "th", CONFIG, 2),
                        model("hf:BAAI/bge-reranker-v2-m3", 1_530, "unused", null, "", "", 140),
                        model("hf:Helsinki-NLP/opus-mt-de-en", 312, "complete", "cc-by-4.0", "bin", CONFIG, 9),
                        model("whisper:small", 290, "complete", "mit", "pt", CONFIG, 30),
                        model("hf:pyannote/speaker-diarization-3.1", 1, "complete", "mit", "", CONFIG, 2),
                        model(
                                "hf:pyannote/segmentation-3.0",
                                6,
                                "complete",
                                "mit",
                                "bin",
                                "hf:pyannote/speaker-diarization-3.1",
                                2),
                        model("spacy:de_core_news_md", 44, "complete", "mit", "", CONFIG, 7),
                        model(
                                "maven:org.apache.opennlp:opennlp-models-langdetect:1.3.0",
                                11,
                                "complete",
                                "apache-2.0",
                                "bin",
                                CONFIG,
                                1),
                        model("url:https://example.org/vad/silero_vad.onnx", 2, "complete", "mit", "onnx", CONFIG, 1))
                .sorted(Comparator.comparingLong(ReportData.Model::bytes).reversed())
                .toList();
    }

    private static ReportData.Model model(
            String reference,
            long megabytes,
            String state,
            @Nullable String license,
            String formats,
            String declaredBy,
            int days) {
        return new ReportData.Model(
                reference,
                reference.substring(0, reference.indexOf(':')),
                megabytes * MB,
                state,
                Optional.of("edaa852ec7e145841d8ffdb056a99866b5f0a478"),
                Optional.ofNullable(license),
                formats.isEmpty() ? List.of() : List.of(formats.split(", ")),
                Optional.of(NOW.minus(Duration.ofDays(days))),
                declaredBy.isEmpty() ? List.of() : List.of(declaredBy),
                Optional.empty());
    }

    static List<Finding> findings() {
        return List.of(
                Finding.of(
                                FindingId.MODEL_CORRUPT,
                                ".cache/huggingface/hub/models--Systran--faster-whisper-large-v3/snapshots/edaa852/model.bin"
                                        + " does not match the lock file: expected sha256:69f74147e333…, found"
                                        + " sha256:0d1e7f2f4cc1…",
                                "mvn cache:download")
                        .at(
                                PROJECT.resolve(
                                        ".cache/huggingface/hub/models--Systran--faster-whisper-large-v3/snapshots/edaa852/model.bin"))
                        .comparing(
                                "sha256:69f74147e3334731bc3a76048724833325d2ec74642fb52620eda87352e3d4f1",
                                "sha256:0d1e7f2f4cc1a0a93f56c4f6a5c2d2b7e6f0f9d0b6b3f2f6f3f1d2c4b5a69788"),
                Finding.of(
                        FindingId.SIZE_OVER_WARN,
                        "The cache huggingface has 11 GB, more than its warn_size of 10 GB; the largest:"
                                + " hf:Systran/faster-whisper-large-v3 (3.1 GB), hf:facebook/nllb-200-distilled-600M (2.5 GB)",
                        "run mvn cache:clean -Dcache.scope=unused, or raise cache.budgets.huggingface.warn_size"),
                Finding.of(
                        FindingId.ENVIRONMENT_MISSING,
                        "An environment of the config is not installed: mlx (venv/mlx)",
                        "mvn cache:init -Dcache.createEnvironments=true"));
    }

    private static List<SizeRecord> history(long bytes) {
        List<SizeRecord> sizes = new ArrayList<>();
        long[] percent = {8, 21, 20, 35, 34, 52, 71, 68, 83, 80, 92, 100};
        for (int i = 0; i < percent.length; i++) {
            sizes.add(new SizeRecord(
                    NOW.minus(Duration.ofDays(11L * (percent.length - 1 - i))), bytes / 100 * percent[i]));
        }
        return sizes;
    }
}
