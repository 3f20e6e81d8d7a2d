package io.github.modelcache.source;

import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelDeclaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Pattern MODEL = Pattern.compile(
            "(?m)^[ \\t]+\\w+:[ \\t]*(['\"]?)([A-Za-z0-9][\\w.-]*/[\\w.-]+)" + "(?:@([\\w./-]+))?\\1[ \\t]*(?:#.*)?$");

    private PipelineConfig() {}

    /** The models that a pipeline of this config brings; none if it is no pipeline. */
    static List<ModelDeclaration> models(String yaml) {
        Map<String, ModelDeclaration> models = new LinkedHashMap<>();
        if (PIPELINE.matcher(yaml).find()) {
            Matcher line = MODEL.matcher(yaml.replace("\r", ""));
            while (line.find()) {
                Optional<String> revision = Optional.ofNullable(line.group(3));
                repository(line.group(2))
                        .ifPresent(repository -> models.putIfAbsent(
                                repository.id(),
                                ModelDeclaration.of(repository.reference()).at(revision)));
            }
        }
        return List.copyOf(models.values());
    }

    /** A value that only looks like a repository, such as a path, is not one. */
    private static Optional<HubRepository> repository(String id) {
        try {
            return Optional.of(HubRepository.parse(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
