package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Layout;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.policy.SignatureRules;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks the signatures that the policy requires of the declared models. */
public final class SignatureCheck implements Check {
    private final CacheConfig config;
    private final LockFile lockFile;
    private final SignatureRules rules;

    public SignatureCheck(CacheConfig config, LockFile lockFile, Instant now) {
        this.config = config;
        this.lockFile = lockFile;
        this.rules = new SignatureRules(config.policy(), now);
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        if (config.policy().signatures().isEmpty()) {
            return;
        }
        Lock lock = lockFile.readOrEmpty(); // an invalid one is reported as lock-drift
        Layouts layouts = new Layouts(config);
        for (ModelDeclaration declaration : lock.withDependencies(config.models())) {
            Optional<ResolvedModel> locked = lock.find(declaration);
            if (locked.isPresent() && layouts.find(declaration.reference()).isPresent()) {
                check(locked.get(), layouts.of(locked.get())).ifPresent(findings);
            }
        }
    }

    private Optional<Finding> check(ResolvedModel model, Layout layout) throws IOException {
        boolean complete =
                model.files().stream().map(file -> layout.file(model, file)).allMatch(Files::isRegularFile);
        return complete
                ? rules.check(model, file -> layout.file(model, file))
                : Optional.empty(); // reported as model-missing
    }
}
