package io.github.modelcache.verify.checks;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.inventory.PlaceholderDetector;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.scan.CacheEntry;
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
    private final Deque<PendingCheck> waiting = new ArrayDeque<>();
    private final Set<Path> corrupt = new HashSet<>();

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
     * @param alternative another algorithm that the digits may be of
     * @param origin where the digest comes from, for the message
     * @param fix for a file with another digest
     */
    record ExpectedDigest(
            CacheEntry content,
            List<Path> names,
            Optional<ModelReference> model,
            DigestAlgorithm algorithm,
            String digits,
            Optional<DigestAlgorithm> alternative,
            String origin,
            String fix) {

        String expected() {
            boolean whole = digits.length() == algorithm.hexLength();
            return algorithm.id() + (whole ? ":" : " begins with ") + digits;
        }
    }

    private record PendingCheck(ExpectedDigest expectation, ContentDigests.Pending pending) {}

    /** Compares a file; several are hashed at once. */
    void compare(ExpectedDigest expectation) {
        CacheEntry content = expectation.content();
        waiting.add(new PendingCheck(
                expectation, digests.digest(content.path(), content.stamp(), expectation.algorithm())));
        if (waiting.size() > WAITING) {
            report(waiting.remove());
        }
    }

    /** Waits for all comparisons. */
    void finish() {
        while (!waiting.isEmpty()) {
            report(waiting.remove());
        }
    }

    /** Whether the file of this name was found to be wrong. */
    boolean isWrong(Path name) {
        return corrupt.contains(name);
    }

    private void report(PendingCheck next) {
        ExpectedDigest expectation = next.expectation();
        try {
            Digest actual = next.pending().get();
            if (!actual.hex().startsWith(expectation.digits()) && !alternative(expectation)) {
                corrupt(expectation, expectation.expected(), actual.toString());
            }
        } catch (NoSuchFileException e) {
            corrupt.addAll(expectation.names()); // deleted since the walk
        } catch (IOException e) {
            findings.accept(unreadable(projectRoot, expectation.names().get(0), e));
        }
    }

    /** Reports a file that has another size. */
    void wrongSize(ExpectedDigest expectation, long size) throws IOException {
        corrupt(expectation, size + " bytes", expectation.content().size() + " bytes");
    }

    private boolean alternative(ExpectedDigest expectation) throws IOException {
        if (expectation.alternative().isEmpty()) {
            return false;
        }
        CacheEntry content = expectation.content();
        return digests.digest(
                        content.path(),
                        content.stamp(),
                        expectation.alternative().get())
                .get()
                .hex()
                .equals(expectation.digits());
    }

    private void corrupt(ExpectedDigest expectation, String expected, String actual) throws IOException {
        Optional<String> placeholder =
                PlaceholderDetector.find(expectation.content().path());
        for (Path path : expectation.names()) {
            corrupt.add(path);
            Finding finding = placeholder.isPresent()
                    ? placeholder(projectRoot, path, placeholder.get(), expectation.fix())
                    : Finding.of(
                                    FindingId.MODEL_CORRUPT,
                                    Plan.name(projectRoot, path) + " does not match " + expectation.origin()
                                            + ": expected " + shortened(expected) + ", found " + shortened(actual),
                                    expectation.fix())
                            .at(path);
            findings.accept(
                    finding.comparing(expected, placeholder.orElse(actual)).about(expectation.model()));
        }
    }

    /** Enough of a digest to recognise it; the report has all of it. */
    static String shortened(String digest) {
        int end = digest.indexOf(':') + 13;
        return digest.indexOf(':') < 0 || digest.length() <= end ? digest : digest.substring(0, end) + "…";
    }

    /** The finding that a file is a placeholder. */
    static Finding placeholder(Path projectRoot, Path path, String placeholder, String fix) {
        return Finding.of(
                        FindingId.NOT_A_MODEL,
                        Plan.name(projectRoot, path) + " is " + placeholder + ", not a model",
                        fix)
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
