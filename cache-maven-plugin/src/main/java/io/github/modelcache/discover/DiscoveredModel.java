package io.github.modelcache.discover;

import io.github.modelcache.config.ModelAdditions;
import io.github.modelcache.json.Json;
import io.github.modelcache.model.ModelReference;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A model and the places that mention it. The most certain place comes first.
 *
 * @param declared whether the config declares it, or a declared model needs it
 * @param cachedBytes its size in the old caches; 0 if none holds it
 */
public record DiscoveredModel(ModelReference model, List<Mention> mentions, boolean declared, long cachedBytes) {

    /** Copies the list. */
    public DiscoveredModel {
        mentions = List.copyOf(mentions);
    }

    /** The most certain place. */
    public Mention best() {
        return mentions.get(0);
    }

    /** The revision, if all places that name a revision name the same one. */
    public Optional<String> revision() {
        TreeSet<String> asked = new TreeSet<>();
        mentions.stream()
                .filter(this::counts)
                .forEach(mention -> mention.revision().ifPresent(asked::add));
        return asked.size() == 1 ? Optional.of(asked.first()) : Optional.empty();
    }

    /** The files that the places load. Empty if one of them loads the whole repository. */
    public List<String> include() {
        TreeSet<String> files = new TreeSet<>();
        for (Mention mention : mentions) {
            if (counts(mention)) {
                if (mention.include().isEmpty()) {
                    return List.of();
                }
                files.addAll(mention.include());
            }
        }
        return List.copyOf(files);
    }

    /** Whether a place influences the entry. For example, a comment does not if the program loads the model. */
    private boolean counts(Mention mention) {
        return mention.use() == best().use() && mention.certainty() == best().certainty();
    }

    /** The entry of {@code cache.models} that declares it. */
    public Json entry() {
        return ModelAdditions.entry(model, revision(), include());
    }

    /** Whether the program certainly loads it by default. */
    public boolean isSure() {
        return mentions.stream()
                .anyMatch(mention -> mention.certainty() == Certainty.CERTAIN && mention.use() == Use.DEFAULT);
    }
}
