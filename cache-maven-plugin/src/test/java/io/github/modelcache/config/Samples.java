package io.github.modelcache.config;

import io.github.modelcache.hardware.Hardware;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** What several tests of the config use. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-01-31T09:00:00.123Z");

    static final Hardware LINUX =
            new Hardware("linux", "x86_64", true, false, false, 8, 32, Optional.of("NVIDIA L4"), OptionalInt.of(24));

    static final Hardware MAC =
            new Hardware("darwin", "arm64", false, true, true, 10, 16, Optional.of("Apple M2"), OptionalInt.empty());

    /** A config that is complete, in a house style of its own. */
    static final String EXAMPLE = """
            {
              "version": "1.0.0",
              "created_at": "2026-01-31T09:00:00Z",
              "hardware": { "platform": "linux", "machine": "x86_64", "has_cuda": false, "has_mps": false, "has_mlx": false },
              "environments": {
                "common":   { "path": "venv/common", "purpose": "job management, muxing" },
                "whisperx": { "path": "venv/whisperx", "purpose": "transcription", "stages": ["asr", "alignment"] },
                "mlx":      { "path": "venv/mlx", "purpose": "transcription on Apple Silicon", "stages": ["asr"], "enabled": true }
              },
              "workflow_to_environments_mapping": { "transcribe": ["common", "whisperx"] },
              "stage_to_environment_mapping": { "demux": "common", "asr": "whisperx" },
              "cache": {
                "base_dir": ".cache",
                "torch_home": ".cache/torch",
                "hf_home": ".cache/huggingface",
                "mlx_home": ".cache/mlx",
                "application_caches": { "tmdb": "out/tmdb_cache", "musicbrainz": "out/musicbrainz_cache", "glossary": "glossary/cache" },
                "application_cache_expiry_days": 90,
                "warn_size": "20GB",
                "max_size": "40GB",
                "models": [
                  "hf:Systran/faster-whisper-base",
                  { "model": "hf:pyannote/segmentation-3.0", "revision": "main", "include": ["*.bin", "*.yaml"], "optional": true },
                  "whisper:base",
                  "torchhub:snakers4/silero-vad",
                  "maven:org.apache.opennlp:opennlp-models-langdetect:1.3.0",
                  { "model": "url:https://example.org/vad.onnx", "sha256": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "to": "vad/vad.onnx" }
                ]
              }
            }
            """;

    private Samples() {}
}
