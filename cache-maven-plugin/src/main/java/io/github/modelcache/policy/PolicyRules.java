package io.github.modelcache.policy;

import io.github.modelcache.config.Policy;
import io.github.modelcache.config.Policy.Exemption;
import io.github.modelcache.config.Policy.Level;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.scan.ScanIssue;
import io.github.modelcache.scan.ScanResult;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.TextSanitizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges models by the policy of a project, from what the lock and the scans say. No request is made. */
public final class PolicyRules {
    private static final Set<FindingId> DECIDED = Set.of(
            FindingId.UNSAFE_MODEL,
            FindingId.NOT_SCANNABLE,
            FindingId.REMOTE_CODE,
            FindingId.LICENSE_DENIED,
            FindingId.LICENSE_CHANGED,
            FindingId.SOURCE_DENIED,
            FindingId.FORMAT_DENIED,
            FindingId.SIGNATURE_MISSING,
            FindingId.SIGNATURE_INVALID);
    private static final String ACCEPT =
            "use another model, or accept it with an entry of cache.policy.exceptions (docs/scanning.md)";

    private final Policy policy;

    /** The rules of a project. */
    public PolicyRules(Policy policy) {
        this.policy = policy;
    }

    /** What the lock alone tells of a model. */
    public List<Finding> ofModel(ResolvedModel model) {
        List<Finding> findings = new ArrayList<>();
        license(model).ifPresent(findings::add);
        changed(model).ifPresent(findings::add);
        source(model).ifPresent(findings::add);
        if (model.gated() && policy.gated() != Level.ALLOW) {
            findings.add(Finding.of(
                            FindingId.SOURCE_DENIED,
                            model.version() + " is given only to those who accept its owner's terms",
                            ACCEPT)
                    .as(severity(policy.gated())));
        }
        if (model.bytes() > policy.maxModelBytes()) {
            findings.add(Finding.of(
                    FindingId.SIZE_OVER_MAX,
                    model.version() + " has " + ByteSize.format(model.bytes()) + ", cache.policy.max_model_size is "
                            + ByteSize.format(policy.maxModelBytes()),
                    "leave files out with \"exclude\", use a smaller model, or raise max_model_size"));
        }
        code(model).ifPresent(findings::add);
        return findings.stream()
                .map(finding -> finding.about(model.reference()))
                .toList();
    }

    /** What a scan tells of a file, which messages call by its name. */
    public List<Finding> ofFile(ModelReference model, String name, ScanResult scan) {
        List<Finding> findings = new ArrayList<>();
        for (ScanIssue issue : scan.issues()) {
            Optional<Level> level = switch (issue.kind()) {
                case UNSAFE -> Optional.of(policy.unsafe());
                case UNREADABLE -> Optional.of(policy.notScannable());
                case REMOTE_CODE -> Optional.of(policy.remoteCode().orElse(Level.WARN));
            };
            FindingId id = switch (issue.kind()) {
                case UNSAFE -> FindingId.UNSAFE_MODEL;
                case UNREADABLE -> FindingId.NOT_SCANNABLE;
                case REMOTE_CODE -> FindingId.REMOTE_CODE;
            };
            level.filter(of -> of != Level.ALLOW)
                    .ifPresent(of -> findings.add(
                            Finding.of(id, name + ": " + issue.what(), ACCEPT).as(severity(of))));
        }
        policy.formats()
                .against(scan.format())
                .ifPresent(why -> findings.add(Finding.of(
                        FindingId.FORMAT_DENIED,
                        name + " has the format " + scan.format() + ", but in cache.policy.formats " + why,
                        "leave it out with \"exclude\", or change the policy")));
        return findings.stream().map(finding -> finding.about(model)).toList();
    }

    /** A finding as it is on this day: none where an exception covers it, and one that says so where it has ended. */
    public Optional<Finding> on(LocalDate day, Finding finding) {
        if (!DECIDED.contains(finding.id()) || finding.model().isEmpty()) {
            return Optional.of(finding);
        }
        String reference = finding.model().get().toString();
        List<Exemption> covering = policy.exceptions().stream()
                .filter(exception -> exception.covers(finding.id().id(), reference))
                .toList();
        if (covering.stream().anyMatch(exception -> !day.isAfter(exception.until()))) {
            return Optional.empty();
        }
        return Optional.of(covering.isEmpty() ? finding : ended(finding, covering.get(0)));
    }

    private static Finding ended(Finding finding, Exemption exception) {
        return new Finding(
                finding.id(),
                finding.severity(),
                finding.model(),
                finding.path(),
                finding.expected(),
                finding.actual(),
                finding.message() + " (the exception ended on " + exception.until() + ")",
                finding.fix());
    }

    private Optional<Finding> license(ResolvedModel model) {
        Optional<String> license = model.license().filter(text -> !text.isBlank() && !text.equals("unknown"));
        if (license.isEmpty()) {
            return policy.unknownLicense() == Level.ALLOW
                    ? Optional.empty()
                    : Optional.of(Finding.of(
                                    FindingId.LICENSE_DENIED,
                                    "The source of " + model.version() + " tells no licence",
                                    ACCEPT)
                            .as(severity(policy.unknownLicense())));
        }
        return policy.licenses()
                .against(names(license.get()))
                .map(why -> Finding.of(
                                FindingId.LICENSE_DENIED,
                                model.version() + " has the licence " + TextSanitizer.text(license.get())
                                        + ", but in cache.policy.licenses " + why,
                                ACCEPT)
                        .comparing("a licence that the policy allows", license.get()));
    }

    /** A change that the lock noted; a licence that the policy allows by name needs no second look. */
    private Optional<Finding> changed(ResolvedModel model) {
        boolean decided = model.license()
                .filter(license -> !policy.licenses().allow().isEmpty())
                .filter(license -> policy.licenses().against(names(license)).isEmpty())
                .isPresent();
        return decided
                ? Optional.empty()
                : model.formerLicense()
                        .map(former -> Finding.of(
                                        FindingId.LICENSE_CHANGED,
                                        "The licence of " + model.version() + " was " + TextSanitizer.text(former)
                                                + " when it was locked before, and now is "
                                                + TextSanitizer.text(
                                                        model.license().orElse("not told by its source")),
                                        "read the new licence. To accept it, delete the line \"formerLicense\" of this"
                                                + " model in config/models.lock.json")
                                .comparing(former, model.license().orElse("none")));
    }

    private static String[] names(String license) {
        return new String[] {license, "LicenseRef-scancode-" + license};
    }

    private Optional<Finding> source(ResolvedModel model) {
        String reference = model.reference().toString();
        Optional<String> whole = policy.sources().against(reference);
        if (whole.isEmpty()) {
            return Optional.empty();
        }
        String[] names = model.files().stream().map(ModelFile::url).distinct().toArray(String[]::new);
        boolean allowedByUrl = names.length > 0
                && Arrays.stream(names)
                        .allMatch(
                                url -> policy.sources().against(reference, url).isEmpty());
        return allowedByUrl
                ? Optional.empty()
                : whole.map(why -> Finding.of(
                        FindingId.SOURCE_DENIED,
                        model.version() + " comes from a source that is not allowed: in cache.policy.sources " + why,
                        ACCEPT));
    }

    /** Python files that a library loads beside a config. */
    private Optional<Finding> code(ResolvedModel model) {
        boolean hub = model.reference().scheme().equals("hf");
        boolean code = model.reference().scheme().equals("torchhub");
        Level level = policy.remoteCode().orElse(code ? Level.ALLOW : Level.WARN);
        if (level == Level.ALLOW || !(hub || code)) {
            return Optional.empty();
        }
        Set<String> configured = model.files().stream()
                .map(ModelFile::path)
                .filter(path -> path.endsWith("config.json") || path.endsWith("model_index.json"))
                .map(PolicyRules::folder)
                .collect(Collectors.toSet());
        return model.files().stream()
                .map(ModelFile::path)
                .filter(path ->
                        path.endsWith("hubconf.py") || (path.endsWith(".py") && configured.contains(folder(path))))
                .findFirst()
                .map(path -> Finding.of(
                                FindingId.REMOTE_CODE,
                                model.version() + " contains " + path + ", code that can run when the model is loaded",
                                "read it, and do not pass trust_remote_code; leave it out with \"exclude\", or "
                                        + ACCEPT)
                        .as(severity(level)));
    }

    private static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    private static Severity severity(Level level) {
        return level == Level.ERROR ? Severity.ERROR : Severity.WARNING;
    }
}
