package io.github.modelcache.sbom;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.policy.PolicyRules;
import io.github.modelcache.scan.RememberedScans;
import io.github.modelcache.scan.ScanResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Facts that the files of locked models show; missing files show none. */
public final class ModelFacts {
    private final Layouts layouts;
    private final PolicyRules rules;
    private final RememberedScans scans;

    /** Reads the caches of a project. */
    public ModelFacts(CacheConfig config) {
        this.layouts = new Layouts(config);
        this.rules = new PolicyRules(config.policy());
        this.scans = new RememberedScans(new PluginDirectory(config).scans(), false);
    }

    /** The {@code config.json} of a model. */
    Optional<JsonObject> config(ResolvedModel model) throws IOException {
        for (ModelFile file : model.files()) {
            Optional<Path> path = file.path().equals("config.json") ? path(model, file) : Optional.empty();
            try {
                if (path.isPresent() && JsonDocument.read(path.get()).root() instanceof JsonObject config) {
                    return Optional.of(config);
                }
            } catch (JsonException e) {
                return Optional.empty(); // a damaged config shows nothing
            }
        }
        return Optional.empty();
    }

    Optional<String> format(ResolvedModel model, ModelFile file) throws IOException {
        return scan(model, file).map(ScanResult::format);
    }

    /** The findings of the policy for a model and its files. */
    List<Finding> findings(ResolvedModel model) throws IOException {
        List<Finding> findings = new ArrayList<>(rules.ofModel(model));
        for (ModelFile file : model.files()) {
            scan(model, file).ifPresent(scan -> findings.addAll(rules.ofFile(model.reference(), file.path(), scan)));
        }
        return findings;
    }

    private Optional<ScanResult> scan(ResolvedModel model, ModelFile file) throws IOException {
        Optional<Path> path = path(model, file);
        return path.isEmpty() ? Optional.empty() : Optional.of(scans.scan(path.get(), file.path(), file.digest()));
    }

    private Optional<Path> path(ResolvedModel model, ModelFile file) {
        return layouts.find(model.reference())
                .map(layout -> layouts.of(model).file(model, file))
                .filter(Files::isRegularFile);
    }
}
