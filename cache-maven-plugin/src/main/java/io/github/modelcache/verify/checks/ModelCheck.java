package io.github.modelcache.verify.checks;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.PlaceholderDetector;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelVersion;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WeightFiles;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.policy.PolicyRules;
import io.github.modelcache.scan.RememberedScans;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Compares the declared models with the lock, and the locked ones with the disk. */
public final class ModelCheck implements Check {

    private static final String FETCH = "mvn cache:download";
    private static final String LOCK = "mvn cache:lock";

    private final CacheConfig config;
    private final LockFile lockFile;
    private final Lock lock;
    private final Layouts layouts;
    private final ContentDigests digests;
    private final CheckedFiles checked;
    private final PolicyRules rules;
    private final ScanCheck scan;

    public ModelCheck(
            CacheConfig config,
            LockFile lockFile,
            Lock lock,
            ContentDigests digests,
            CheckedFiles checked,
            RememberedScans scans) {
        this.rules = new PolicyRules(config.policy());
        this.scan = new ScanCheck(config.projectRoot(), rules, scans);
        this.config = config;
        this.lockFile = lockFile;
        this.lock = lock;
        this.layouts = new Layouts(config);
        this.digests = digests;
        this.checked = checked;
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        int required = (int)
                config.models().stream().filter(model -> !model.optional()).count();
        if (!lockFile.exists() && required > 0) {
            findings.accept(Finding.of(
                            FindingId.LOCK_MISSING,
                            count(required) + " declared, but " + Plan.name(config.projectRoot(), lockFile.path())
                                    + " is missing",
                            FETCH)
                    .at(lockFile.path()));
            return;
        }
        List<ModelDeclaration> declared = lock.withDependencies(config.models());
        Set<ModelVersion> versions =
                declared.stream().map(ModelDeclaration::version).collect(Collectors.toSet());
        for (ModelDeclaration declaration : declared) {
            check(declaration, versions, findings);
        }
        undeclared(declared, versions, findings);
    }

    private static String count(int models) {
        return Words.count(models, "model") + (models == 1 ? " is" : " are");
    }

    private void check(ModelDeclaration declaration, Set<ModelVersion> declared, Consumer<Finding> findings)
            throws IOException {
        ModelReference reference = declaration.reference();
        if (layouts.find(reference).isEmpty()) {
            findings.accept(Finding.of(
                            FindingId.MODEL_MISSING,
                            "Unsupported scheme \"" + reference.scheme() + ":\" of " + reference,
                            "use a newer cache-maven-plugin, or remove the model from the config")
                    .about(reference)
                    .as(missingSeverity(declaration)));
            return;
        }
        Optional<ResolvedModel> locked = lock.find(declaration);
        if (locked.isEmpty()) {
            findings.accept(drift(declaration, declared));
            return;
        }
        if (isSnapshot(reference)) {
            findings.accept(Finding.of(
                            FindingId.MODEL_UNPINNED,
                            reference + " is a snapshot version, whose files can change",
                            "declare a released version")
                    .about(reference));
        }
        List<ModelFiles.State> missing = new ArrayList<>();
        for (ModelFiles.State state : new ModelFiles(layouts.of(locked.get()), digests).states(locked.get())) {
            state.content().ifPresent(content -> {
                checked.count(content.size());
                if (!state.problem().equals(Optional.of(ModelFiles.Problem.UNKNOWN))) {
                    checked.addLocked(content, state.problem().isEmpty());
                }
            });
            if (state.problem().equals(Optional.of(ModelFiles.Problem.MISSING))) {
                missing.add(state);
            } else {
                describe(declaration, state).ifPresent(findings);
                scan.run(declaration.reference(), state, findings);
            }
        }
        rules.ofModel(locked.get()).forEach(findings);
        if (!missing.isEmpty()) {
            findings.accept(missing(declaration, missing, locked.get().files().size()));
        }
        new ShardCheck(config.projectRoot(), layouts.of(locked.get()), locked.get()).run(findings);
    }

    /** One finding, however many files are missing. */
    private Finding missing(ModelDeclaration declaration, List<ModelFiles.State> missing, int files) {
        Path first = missing.get(0).path();
        String name = Plan.name(config.projectRoot(), first);
        String message = missing.size() == 1
                ? name + " is missing"
                : missing.size() + " of " + files + " files are missing, such as " + name;
        return Finding.of(FindingId.MODEL_MISSING, declaration.version() + ": " + message, FETCH)
                .about(declaration.reference())
                .at(first)
                .as(missingSeverity(declaration));
    }

    private Finding drift(ModelDeclaration declaration, Set<ModelVersion> declared) {
        boolean differs = lock.versions(declaration.reference()).stream()
                .map(ResolvedModel::version)
                .anyMatch(locked -> locked.equals(declaration.version()) || !declared.contains(locked));
        boolean optional = declaration.optional() && !differs;
        return Finding.of(
                        optional ? FindingId.MODEL_MISSING : FindingId.LOCK_DRIFT,
                        differs
                                ? declaration.version() + " is declared differently than it is locked"
                                : declaration.version() + " is declared, but not in the lock file",
                        LOCK)
                .about(declaration.reference())
                .at(lockFile.path())
                .as(optional ? Severity.INFO : Severity.ERROR);
    }

    /** Models that are locked, but not declared at any revision. */
    private void undeclared(List<ModelDeclaration> declared, Set<ModelVersion> versions, Consumer<Finding> findings) {
        Set<ModelReference> drifted = declared.stream()
                .filter(declaration -> lock.find(declaration).isEmpty())
                .map(ModelDeclaration::reference)
                .collect(Collectors.toSet());
        lock.models().stream()
                .filter(model -> !versions.contains(model.version()) && !drifted.contains(model.reference()))
                .forEach(model -> findings.accept(Finding.of(
                                FindingId.LOCK_DRIFT, model.version() + " is in the lock file, but not declared", LOCK)
                        .about(model.reference())
                        .at(lockFile.path())));
    }

    private Optional<Finding> describe(ModelDeclaration declaration, ModelFiles.State state) throws IOException {
        String name = Plan.name(config.projectRoot(), state.path());
        if (state.problem().isEmpty()) {
            return committed(state, name)
                    .map(finding -> finding.about(declaration.reference()).at(state.path()));
        }
        Finding finding = switch (state.problem().get()) {
            case MISSING ->
                Finding.of(FindingId.MODEL_MISSING, name + " is missing", FETCH).as(missingSeverity(declaration));
            case UNKNOWN ->
                Finding.of(FindingId.UNVERIFIABLE, name + " can't be checked: its digest is not known", LOCK);
            case WRONG_SIZE, WRONG_CONTENT -> corrupt(state, name);
        };
        return Optional.of(finding.about(declaration.reference()).at(state.path()));
    }

    /** A placeholder that the source itself has. */
    private static Optional<Finding> committed(ModelFiles.State state, String name) throws IOException {
        boolean mayBePlaceholder =
                WeightFiles.is(state.file().path()) && state.actualSize() <= PlaceholderDetector.LARGEST_COMMITTED;
        Optional<String> placeholder =
                mayBePlaceholder ? PlaceholderDetector.committed(state.path()) : Optional.empty();
        return placeholder.map(what -> Finding.of(
                FindingId.NOT_A_MODEL,
                name + " is " + what + ", also at its source; no library can load it",
                "exclude it, and report it to the model's owner"));
    }

    private static Finding corrupt(ModelFiles.State state, String name) throws IOException {
        String expected = state.file().digest().map(Object::toString).orElse("") + " ("
                + state.file().size() + " bytes)";
        Optional<String> placeholder = PlaceholderDetector.find(state.path());
        if (placeholder.isPresent()) {
            return Finding.of(FindingId.NOT_A_MODEL, name + " is " + placeholder.get() + ", not a model", FETCH)
                    .comparing(expected, placeholder.get());
        }
        if (state.actualDigest().isEmpty()) {
            return Finding.of(
                            FindingId.MODEL_CORRUPT,
                            name + " has " + state.actualSize() + " bytes instead of "
                                    + state.file().size(),
                            FETCH)
                    .comparing(state.file().size() + " bytes", state.actualSize() + " bytes");
        }
        String digest = state.file().digest().map(Object::toString).orElse("");
        String actual = state.actualDigest().get().toString();
        String message = name + " does not match the lock file: expected " + ContentCheck.shortened(digest) + ", found "
                + ContentCheck.shortened(actual);
        return Finding.of(FindingId.MODEL_CORRUPT, message, FETCH).comparing(digest, actual);
    }

    private static Severity missingSeverity(ModelDeclaration declaration) {
        return declaration.optional() ? Severity.INFO : Severity.ERROR;
    }

    private static boolean isSnapshot(ModelReference reference) {
        return reference.scheme().equals("maven")
                && MavenCoordinates.parse(reference.id()).snapshot();
    }
}
