package io.github.modelcache.verify.checks;

import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.family.huggingface.RefFile;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Checks the refs of models that are not locked: each must name a commit, whose files should be in the cache. */
final class HubRefs {

    private static final String REWRITE = "delete the file; the hub's clients write it again online";

    private final Path projectRoot;
    private final Set<Path> pointers;
    private final Consumer<Finding> findings;

    /**
     * A check of refs.
     *
     * @param pointers the refs of the locked models, which are compared with the lock file elsewhere
     */
    HubRefs(Path projectRoot, Collection<Path> pointers, Consumer<Finding> findings) {
        this.projectRoot = projectRoot;
        this.pointers = Set.copyOf(pointers);
        this.findings = findings;
    }

    /** Checks an entry of a repository's folder of refs. */
    void ref(Path repository, CacheEntry entry) {
        if (pointers.contains(entry.path())) {
            return;
        }
        try {
            Optional<String> content = RefFile.content(entry.path());
            if (content.isPresent()) {
                check(repository, entry.path(), content.get());
            }
        } catch (IOException e) {
            findings.accept(ContentCheck.unreadable(projectRoot, entry.path(), e));
        }
    }

    private void check(Path repository, Path ref, String content) {
        if (RefFile.namesSnapshot(repository, content)) {
            return;
        }
        if (!HubPlaces.isCommit(content)) {
            accept(repository, malformed(projectRoot, ref, content, REWRITE));
        } else {
            accept(
                    repository,
                    Finding.of(
                                    FindingId.DANGLING_LINK,
                                    Plan.name(projectRoot, ref) + " names the commit " + content
                                            + ", which is not in the cache: libraries can't find the model offline",
                                    REWRITE)
                            .as(Severity.WARNING)
                            .at(ref));
        }
    }

    private void accept(Path repository, Finding finding) {
        findings.accept(finding.about(HubPlaces.reference(repository)));
    }

    /** The finding that a ref does not name a commit. */
    static Finding malformed(Path projectRoot, Path ref, String content, String fix) {
        String shown = content.isEmpty() ? "nothing" : "'" + printable(content) + "'";
        return Finding.of(
                        FindingId.MODEL_CORRUPT,
                        Plan.name(projectRoot, ref) + " holds " + shown
                                + ", which is neither a commit of 40 hexadecimal digits nor an existing snapshot:"
                                + " libraries can't find the model offline",
                        fix)
                .at(ref)
                .comparing("40 hexadecimal digits", printable(content));
    }

    /** Makes invisible characters visible; most often it is a newline. */
    private static String printable(String content) {
        StringBuilder text = new StringBuilder();
        for (char c : content.substring(0, Math.min(content.length(), 60)).toCharArray()) {
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                default -> text.append(c < ' ' || c > '~' ? '?' : c);
            }
        }
        return content.length() > 60 ? text + "…" : text.toString();
    }
}
