package io.github.modelcache.family.huggingface;

import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelDeclaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The models that a pyannote pipeline names: its {@code config.yaml} has lines such as {@code segmentation:
 * pyannote/segmentation@Interspeech2021}. The pipeline loads them from the hub, so without them it is not complete.
 *
 * @see <a href="https://github.com/pyannote/pyannote-audio/blob/develop/src/pyannote/audio/core/pipeline.py">pyannote's
 *     Pipeline.from_pretrained</a>
 */
final class PipelineConfig {

    /** The file's name within a repository. */
    static final String FILE = "config.yaml";

    /** The largest file that is read, in bytes; real ones have a few hundred. */
    static final int LARGEST = 1 << 16;

    private static final Pattern PIPELINE =
            Pattern.compile("(?m)^[ \\t]+name:[ \\t]*['\"]?pyannote\\.audio\\.pipelines\\b");
    private static final Pattern MODEL =
            Pattern.compile("(?m)^([ \\t]+)(\\w+):[ \\t]*(['\"]?)([A-Za-z0-9][\\w.-]*/[\\w.-]+)"
                    + "(?:@([\\w./-]+))?\\3[ \\t]*(?:#.*)?$");

    private static final Pattern REVISION = Pattern.compile("revision:[ \\t]*(['\"]?)([\\w./-]+)\\1[ \\t]*(?:#.*)?");

    /** Members beside a checkpoint whose values are no models, though they may look so. */
    private static final Set<String> NO_MODELS = Set.of("revision", "subfolder", "cache_dir", "name");

    private static final int LOOK_AHEAD = 1000;

    private PipelineConfig() {}

    /** The models that the pipeline of this config depends on; empty if it is not a pipeline. */
    static List<ModelDeclaration> models(String yaml) {
        Map<String, ModelDeclaration> models = new LinkedHashMap<>();
        if (PIPELINE.matcher(yaml).find()) {
            String text = yaml.replace("\r", "");
            Matcher line = MODEL.matcher(text);
            while (line.find()) {
                Optional<String> revision = Optional.ofNullable(line.group(5)).or(() -> beside(text, line));
                repository(NO_MODELS.contains(line.group(2)) ? "" : line.group(4))
                        .ifPresent(repository -> models.putIfAbsent(
                                repository.id() + "@" + revision,
                                ModelDeclaration.of(repository.reference()).at(revision)));
            }
        }
        return List.copyOf(models.values());
    }

    /** The revision of a model that is written as a mapping: {@code checkpoint} and {@code revision} below each other. */
    private static Optional<String> beside(String text, Matcher line) {
        if (!line.group(2).equals("checkpoint")) {
            return Optional.empty();
        }
        String indent = line.group(1);
        return text.substring(line.end(), Math.min(text.length(), line.end() + LOOK_AHEAD))
                .lines()
                .skip(1)
                .takeWhile(next -> next.startsWith(indent))
                .map(next -> REVISION.matcher(next.substring(indent.length())))
                .filter(Matcher::matches)
                .map(revision -> revision.group(2))
                .findFirst();
    }

    /** A value that only looks like a repository, such as a path, is not one. */
    private static Optional<HubRepository> repository(String id) {
        try {
            // "models/x" is a path: the hub has no owners of the names of its own folders.
            return Optional.of(HubRepository.parse(id))
                    .filter(repository -> repository.type() == HubRepository.Type.MODEL
                            && repository.id().equals(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
