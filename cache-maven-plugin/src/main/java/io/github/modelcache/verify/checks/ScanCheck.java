package io.github.modelcache.verify.checks;

import io.github.modelcache.finding.Finding;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.policy.PolicyRules;
import io.github.modelcache.scan.RememberedScans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks into the files of locked models for content that runs code when it is loaded. */
record ScanCheck(Path projectRoot, PolicyRules rules, RememberedScans scans) {
    /** Scans one file that is there; one that is not what the lock says is scanned as what it is. */
    void run(ModelReference model, ModelFiles.State state, Consumer<Finding> findings) throws IOException {
        boolean locked = state.problem().isEmpty();
        try {
            rules.ofFile(
                            model,
                            Plan.name(projectRoot, state.path()),
                            scans.scan(
                                    state.path(),
                                    state.file().path(),
                                    locked ? state.file().digest() : Optional.empty()))
                    .forEach(finding -> findings.accept(finding.at(state.path())));
        } catch (IOException e) {
            findings.accept(
                    ContentCheck.unreadable(projectRoot, state.path(), e).about(model));
        }
    }
}
