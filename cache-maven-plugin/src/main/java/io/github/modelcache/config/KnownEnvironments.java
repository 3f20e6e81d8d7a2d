package io.github.modelcache.config;

import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The environments of new projects with their purposes. Other names get a plain entry. */
final class KnownEnvironments {
    private static final String COMMON = "common";
    private static final String MLX = "mlx";

    private record Known(String purpose, List<String> stages) {}

    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, List<String>> workflows = new LinkedHashMap<>();
    private final Set<String> asked;
    private final Hardware hardware;

    KnownEnvironments(List<String> asked, Hardware hardware) {
        this.asked = new LinkedHashSet<>(asked);
        this.hardware = hardware;
        known.put(COMMON, new Known("job management, muxing", List.of("demux", "mux")));
        known.put("demucs", new Known("separating voices from music", List.of("source_separation")));
        known.put("pyannote", new Known("finding speech and speakers", List.of("vad", "diarization")));
        known.put("whisperx", new Known("transcription", List.of("asr", "alignment")));
        known.put(MLX, new Known("transcription on Apple Silicon", List.of("asr")));
        known.put("indictrans2", new Known("translation between Indian languages", List.of("indictrans2_translation")));
        known.put("nllb", new Known("translation between 200 languages", List.of("nllb_translation")));
        known.put("llm", new Known("translation with a large language model", List.of("llm_translation")));
        workflows.put("transcribe", List.of(COMMON, "demucs", "pyannote", "whisperx", MLX));
        workflows.put("translate", List.of(COMMON, "indictrans2", "nllb", "llm"));
    }

    /** An entry of {@code environments}. */
    JsonObject entry(String name) {
        JsonObject.Builder entry = JsonObject.builder().put("path", ConfigDefaults.ENVIRONMENTS_FOLDER + name);
        Known facts = known.get(name);
        if (facts != null) {
            entry.put("purpose", facts.purpose());
            entry.put("stages", JsonArray.ofStrings(facts.stages()));
        }
        if (name.equals(MLX)) {
            entry.put("enabled", hardware.hasMlx());
        }
        return entry.build();
    }

    /** The requested environments, as {@code environments}. */
    JsonObject entries() {
        JsonObject.Builder entries = JsonObject.builder();
        asked.forEach(name -> entries.put(name, entry(name)));
        return entries.build();
    }

    /** The requested environments of this machine, as {@code workflow_to_environments_mapping}. */
    JsonObject workflows() {
        JsonObject.Builder mapping = JsonObject.builder();
        workflows.forEach((workflow, all) -> {
            List<String> used = all.stream().filter(this::used).toList();
            // The common environment alone is no workflow.
            if (used.stream().anyMatch(name -> !name.equals(COMMON))) {
                mapping.put(workflow, JsonArray.ofStrings(used));
            }
        });
        return mapping.build();
    }

    /** The requested environments of this machine, as {@code stage_to_environment_mapping}. */
    JsonObject stages() {
        Map<String, String> byStage = new LinkedHashMap<>();
        known.forEach((name, facts) -> {
            if (used(name)) {
                // MLX comes after whisperx and replaces it.
                facts.stages().forEach(stage -> byStage.put(stage, name));
            }
        });
        JsonObject.Builder mapping = JsonObject.builder();
        byStage.forEach(mapping::put);
        return mapping.build();
    }

    private boolean used(String name) {
        return asked.contains(name) && (!name.equals(MLX) || hardware.hasMlx());
    }
}
