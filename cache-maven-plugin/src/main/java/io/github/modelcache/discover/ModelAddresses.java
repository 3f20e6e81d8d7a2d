package io.github.modelcache.discover;

import io.github.modelcache.model.HubRepository;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognizes URLs of models. */
final class ModelAddresses {

    private static final Pattern HUB_URL = Pattern.compile(
            "https?://(?:www\\.)?(?:huggingface\\.co|hf\\.co|hf-mirror\\.com)/(datasets/)?([\\w.-]+/[\\w.-]+?)(?:\\.git)?"
                    + "(?:/(?:resolve|blob|raw|tree)/([\\w.-]+)(?:/([^?#\\s]*))?)?(?:[?#].*)?");

    private static final Pattern WEIGHTS_URL = Pattern.compile(
            "https?://[\\w.-]+(?::\\d+)?/[^\\s?#<>{}$*]+\\.(onnx|gguf|safetensors|(?:pt|pth|params)(?:\\.tar|\\.gz)?|th|ckpt|tflite)(?:[?#]\\S*)?");

    private static final Pattern ARCHIVE_URL = Pattern.compile(
            "https?://[^\\s?#<>{}$*]+/([^\\s?#<>{}$*/]+)\\.(?:zip|tgz|tar\\.gz|tar\\.bz2|bin)(?:[?#]\\S*)?");

    /** Matches URLs of archives that contain models, not data or sources. */
    private static final Pattern MODEL_PLACE = Pattern.compile(
            "(?i)(?!.*(data-?set|/data/|/corpora/|/archive/|corpus|sdk|toolkit|runtime)).*(models?[-_/]|[-_/]models?|checkpoint|pretrained|weights|vosk|sherpa|ggml|opennlp).*");

    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i).*(your[-_ ]?(org|user|name|model|bucket|domain|host|server|company|repo|own)|<|path[/_]to|placeholder|xxx+).*");

    private static final Pattern FILE_URL =
            Pattern.compile("https?://[^\\s<>{}$*]+/[^\\s<>{}$*/]+\\.[A-Za-z0-9]{2,11}");

    private ModelAddresses() {}

    /** The hub repository that a URL points to, and the file if the URL names one. */
    static Optional<NamedModel> ofHub(String text) {
        Matcher url = HUB_URL.matcher(text);
        if (!url.matches() || !ModelNaming.isOwned(url.group(2))) {
            return Optional.empty();
        }
        if (Set.of("docs", "blog", "papers", "spaces", "collections", "settings", "models", "datasets", "learn", "api")
                .contains(url.group(2).substring(0, url.group(2).indexOf('/')))) {
            return Optional.empty();
        }
        String type = url.group(1) == null ? "" : url.group(1);
        Optional<String> revision = Optional.ofNullable(url.group(3)).filter(name -> !name.equals("main"));
        List<String> include =
                Optional.ofNullable(url.group(4)).filter(path -> !path.isBlank() && path.indexOf('{') < 0).stream()
                        .toList();
        return Optional.of(
                new NamedModel(HubRepository.parse(type + url.group(2)).reference(), revision, include));
    }

    /** The file that a URL points to, if it looks like weights. */
    static Optional<NamedModel> ofWeights(String text) {
        boolean model = WEIGHTS_URL.matcher(text).matches() || isArchive(text);
        return model && !PLACEHOLDER.matcher(text).matches() ? NamedModel.of("url", text) : Optional.empty();
    }

    private static boolean isArchive(String text) {
        Matcher archive = ARCHIVE_URL.matcher(text);
        return archive.matches()
                && (MODEL_PLACE.matcher(text).matches() || ModelWords.isModel("x/" + archive.group(1)));
    }

    /** The file that a URL points to, of any kind. */
    static Optional<NamedModel> ofFile(String text) {
        boolean file =
                FILE_URL.matcher(text).matches() && !PLACEHOLDER.matcher(text).matches();
        return file ? NamedModel.of("url", text) : Optional.empty();
    }
}
