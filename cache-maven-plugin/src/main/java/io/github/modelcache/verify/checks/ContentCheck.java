package io.github.modelcache.verify.checks;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.inventory.usage.PlaceholderDetector;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Compares files with digests that their name or the list of their commit tells, rather than the lock file. */
final class ContentCheck {

    /** The largest number of files that wait to be hashed. */
    private static final int WAITING = 512;

    private final Path projectRoot;
    private final ContentDigests digests;
    private final Consumer<Finding> findings;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private final Set<Path> wrong = new HashSet<>();

    ContentCheck(Path projectRoot, ContentDigests digests, Consumer<Finding> findings) {
        this.projectRoot = projectRoot;
        this.digests = digests;
        this.findings = findings;
    }

    /**
     * The digest that a file should have.
     *
     * @param names the file's path, or those of the links to it
     * @param digits the digest, or its first digits
     * @param otherwise another algorithm that the digits may be of
     * @param teller where the digest comes from, for the message
     * @param fix for a file with another digest
     */
    record Question(
            CacheEntry content,
            List<Path> names,
            Optional<ModelReference> model,
            DigestAlgorithm algorithm,
            String digits,
            Optional<DigestAlgorithm> otherwise,
            String teller,
            String fix) {

        String expected() {
            boolean whole = digits.length() == algorithm.hexLength();
            return algorithm.id() + (whole ? ":" : " begins with ") + digits;
        }
    }

    private record Asked(Question question, ContentDigests.Pending pending) {}

    /** Compares a file; several are hashed at once. */
    void ask(Question question) {
        CacheEntry content = question.content();
        waiting.add(new Asked(question, digests.digest(content.path(), content.stamp(), question.algorithm())));
        if (waiting.size() > WAITING) {
            answer(waiting.remove());
        }
    }

    /** Waits for all comparisons. */
    void finish() {
        while (!waiting.isEmpty()) {
            answer(waiting.remove());
        }
    }

    /** Whether the file of this name was found to be wrong. */
    boolean isWrong(Path name) {
        return wrong.contains(name);
    }

    private void answer(Asked asked) {
        Question question = asked.question();
        try {
            Digest actual = asked.pending().get();
            if (!actual.hex().startsWith(question.digits()) && !otherwise(question)) {
                wrong(question, question.expected(), actual.toString());
            }
        } catch (NoSuchFileException e) {
            wrong.addAll(question.names()); // deleted since the walk
        } catch (IOException e) {
            findings.accept(unreadable(projectRoot, question.names().get(0), e));
        }
    }

    /** Reports a file that has another size. */
    void wrongSize(Question question, long size) throws IOException {
        wrong(question, size + " bytes", question.content().size() + " bytes");
    }

    private boolean otherwise(Question question) throws IOException {
        if (question.otherwise().isEmpty()) {
            return false;
        }
        CacheEntry content = question.content();
        return digests.digest(
                        content.path(), content.stamp(), question.otherwise().get())
                .get()
                .hex()
                .equals(question.digits());
    }

    private void wrong(Question question, String expected, String actual) throws IOException {
        Optional<String> standIn = PlaceholderDetector.find(question.content().path());
        for (Path path : question.names()) {
            wrong.add(path);
            Finding finding = standIn.isPresent()
                    ? standIn(projectRoot, path, standIn.get(), question.fix())
                    : Finding.of(
                                    FindingId.MODEL_CORRUPT,
                                    Plan.name(projectRoot, path) + " does not match " + question.teller()
                                            + ": expected " + shortened(expected) + ", found " + shortened(actual),
                                    question.fix())
                            .at(path);
            findings.accept(finding.comparing(expected, standIn.orElse(actual)).about(question.model()));
        }
    }

    /** Enough of a digest to recognise it; the report has all of it. */
    static String shortened(String digest) {
        int end = digest.indexOf(':') + 13;
        return digest.indexOf(':') < 0 || digest.length() <= end ? digest : digest.substring(0, end) + "…";
    }

    /** The finding that a file is a placeholder. */
    static Finding standIn(Path projectRoot, Path path, String standIn, String fix) {
        return Finding.of(FindingId.NOT_A_MODEL, Plan.name(projectRoot, path) + " is " + standIn + ", not a model", fix)
                .at(path);
    }

    /** The finding that a file can't be checked, because it can't be read. */
    static Finding unreadable(Path projectRoot, Path path, IOException reason) {
        return Finding.of(
                        FindingId.UNVERIFIABLE,
                        Plan.name(projectRoot, path) + " can't be read: " + IoErrors.message(reason, path),
                        "make it a readable file")
                .at(path);
    }
}
