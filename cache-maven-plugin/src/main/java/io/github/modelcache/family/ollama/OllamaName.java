package io.github.modelcache.family.ollama;

import io.github.modelcache.model.ModelReference;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a model in Ollama's registry: {@code [user/]name[:tag]}.
 *
 * @param repository {@code library/name} for Ollama's own models, else {@code user/name}
 * @param tag {@code latest} unless one is given
 */
record OllamaName(String repository, String tag) {

    static final String HOST = "registry.ollama.ai";

    private static final String PART = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}";
    private static final Pattern NAME = Pattern.compile("(?:(" + PART + ")/)?(" + PART + ")(?::(" + PART + "))?");

    /** The name that an id of a reference is; empty if it is none. */
    static Optional<OllamaName> find(String id) {
        Matcher matcher = NAME.matcher(id);
        if (!matcher.matches() || id.contains("..")) {
            return Optional.empty();
        }
        String user = matcher.group(1) == null ? "library" : matcher.group(1);
        String tag = matcher.group(3) == null ? "latest" : matcher.group(3);
        return Optional.of(new OllamaName(user + "/" + matcher.group(2), tag));
    }

    /**
     * The name of a model.
     *
     * @throws IllegalArgumentException when it is none
     */
    static OllamaName of(ModelReference reference) {
        return find(reference.id())
                .orElseThrow(() -> new IllegalArgumentException(
                        reference + " is not a model of Ollama; write ollama:name:tag or ollama:user/name:tag"));
    }

    /** The model of this name, as configs declare it. */
    ModelReference reference() {
        String name = repository.startsWith("library/") ? repository.substring("library/".length()) : repository;
        return new ModelReference("ollama", name + ":" + tag);
    }

    /** Where Ollama keeps the manifest, below its folder. */
    String manifest() {
        return OllamaLayout.MANIFESTS + "/" + HOST + "/" + repository + "/" + tag;
    }
}
