package io.github.modelcache.download;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what became of the patterns that models are declared with. */
final class PatternMessages {
    private final CacheConfig config;
    private final Messages messages;

    PatternMessages(CacheConfig config, Messages messages) {
        this.config = config;
        this.messages = messages;
    }

    /** A pattern without a match may be a typing error. The patterns of short names need not match in each model. */
    void warnOfIdle(ModelDeclaration declaration, ResolvedModel model) {
        boolean abbreviated = config.shortNames().values().stream()
                .anyMatch(references -> references.contains(declaration.reference()));
        if (abbreviated) {
            return;
        }
        List<String> idle = FilePatterns.idle(
                declaration.include(),
                model.files().stream().map(ModelFile::path).toList());
        if (!idle.isEmpty()) {
            messages.warn(declaration.version() + ": no file matches " + String.join(" or ", idle)
                    + " of \"include\"; check the spelling, or remove it");
        }
    }

    void widened(ModelVersion version, Set<ModelReference> dependents) {
        messages.info(version + " is declared with patterns, but "
                + dependents.stream().map(ModelReference::toString).collect(Collectors.joining(" and "))
                + (dependents.size() == 1 ? " needs" : " need") + " all its files, so all are fetched");
    }
}
