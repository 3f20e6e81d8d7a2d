package io.github.modelcache.download;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.Layout;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.policy.PolicyRules;
import io.github.modelcache.policy.SignatureRules;
import io.github.modelcache.scan.RememberedScans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Holds models to the policy before they are pinned, and files before they get their names. */
final class FileGate {
    private final PolicyRules rules;
    private final SignatureRules signatures;
    private final RememberedScans scans;
    private final Messages messages;
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    FileGate(CacheConfig config, Messages messages) {
        this.rules = new PolicyRules(config.policy());
        this.signatures = new SignatureRules(config.policy(), Instant.now());
        this.scans = new RememberedScans(new PluginDirectory(config).scans(), false);
        this.messages = messages;
    }

    /**
     * Refuses a model that the policy denies; no file of it is fetched.
     *
     * @param loud whether to say what is no error; of a model that is locked, verify says it
     */
    void require(ResolvedModel model, boolean loud) throws ModelException {
        refuse(decided(rules.ofModel(model).stream()), loud);
    }

    /** Rejects a file that the policy denies, and deletes it before it is published. */
    void require(ResolvedModel model, ModelFile file, Path partial, Digest digest) throws ModelException, IOException {
        List<Finding> findings = decided(rules
                .ofFile(
                        model.reference(),
                        model.version() + ": " + file.path(),
                        scans.scan(partial, file.path(), Optional.of(digest)))
                .stream());
        boolean refused = findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        if (refused) {
            Files.deleteIfExists(partial);
        }
        refuse(findings, true);
    }

    /** Refuses a complete model without the signature that the policy requires. */
    void requireSignature(ResolvedModel model, Layout layout) throws ModelException, IOException {
        refuse(decided(signatures.check(model, file -> layout.file(model, file)).stream()), true);
    }

    /** Keeps what was learned, so that verify need not scan again. */
    void save() {
        scans.save();
    }

    private List<Finding> decided(Stream<Finding> findings) {
        return findings.map(finding -> rules.on(today, finding))
                .flatMap(Optional::stream)
                .toList();
    }

    private void refuse(List<Finding> findings, boolean loud) throws ModelException {
        for (Finding finding : findings) {
            if (finding.severity() == Severity.ERROR) {
                throw new ModelException(
                        finding.message() + " (" + finding.id().id() + "). To go on, " + finding.fix());
            }
            if (loud) {
                messages.warn(finding.message() + " (" + finding.id().id() + ")");
            }
        }
    }
}
