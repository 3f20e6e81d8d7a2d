package io.github.modelcache.policy;

import io.github.modelcache.config.Policy;
import io.github.modelcache.config.Policy.RequiredSignature;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.signature.InvalidSignatureException;
import io.github.modelcache.signature.ModelSignature;
import io.github.modelcache.signature.SignedFiles;
import io.github.modelcache.signature.TrustedSigner;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Holds locked models to the signatures that a policy requires. The digests are those of the lock file, so that no weights
 * are read. A file of a snapshot that is a link counts as a file: links are how a hub cache stores files, and the signer
 * has not seen them.
 */
public final class SignatureRules {
    private static final String OTHERWISE =
            "or accept it with an entry of cache.policy.exceptions (docs/signatures.md)";

    private final List<RequiredSignature> required;
    private final Instant now;

    /**
     * The rules of a project.
     *
     * @param now must be within the validity of certificates
     */
    public SignatureRules(Policy policy, Instant now) {
        this.required = policy.signatures();
        this.now = now;
    }

    /**
     * What is wrong with the signature of a complete model; empty if it is right, or none is required.
     *
     * @param place where each file of the model is
     * @throws IOException if a file cannot be read
     */
    public Optional<Finding> check(ResolvedModel model, Function<ModelFile, Path> place) throws IOException {
        List<String> problems = new ArrayList<>();
        Optional<Path> signature = Optional.empty();
        List<RequiredSignature> fitting = required.stream()
                .filter(one -> one.covers(model.reference().toString()))
                .toList();
        for (RequiredSignature one : fitting) {
            Optional<ModelFile> file = model.files().stream()
                    .filter(candidate -> candidate.path().equals(one.file()))
                    .findFirst();
            if (file.isPresent()) {
                signature = file.map(place);
                try {
                    verify(model, one, place.apply(file.get()), place);
                    return Optional.empty();
                } catch (InvalidSignatureException e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return fitting.isEmpty() ? Optional.empty() : Optional.of(finding(model, fitting, signature, problems));
    }

    private static Finding finding(
            ResolvedModel model, List<RequiredSignature> fitting, Optional<Path> signature, List<String> problems) {
        String file = TextSanitizer.text(fitting.get(0).file());
        if (signature.isEmpty()) {
            return Finding.of(
                            FindingId.SIGNATURE_MISSING,
                            model.version() + " has no signature: " + file
                                    + " is not among its locked files, but cache.policy.signatures requires it",
                            "ask the publisher for a signed model; if there is one, add " + file
                                    + " to \"include\" and run mvn cache:lock; " + OTHERWISE)
                    .about(model.reference());
        }
        return Finding.of(
                        FindingId.SIGNATURE_INVALID,
                        "The signature of " + model.version() + " does not prove what it should: "
                                + TextSanitizer.text(String.join("; ", problems)),
                        "do not load the model; compare it with what its publisher signed, " + OTHERWISE)
                .about(model.reference())
                .at(signature.get());
    }

    private void verify(ResolvedModel model, RequiredSignature required, Path file, Function<ModelFile, Path> place)
            throws InvalidSignatureException, IOException {
        ModelSignature signature = ModelSignature.parse(RegularFile.bytes(file, ModelSignature.LARGEST));
        List<ModelFile> files = model.files().stream()
                .filter(each -> !each.path().equals(required.file()))
                .toList();
        SignedFiles all = signature.verify(signer(required));
        SignedFiles signed = files.size() == 1 ? all.ofOne(files.get(0).path()) : all;
        Set<String> present = new HashSet<>();
        for (ModelFile each : files) {
            present.add(each.path());
            if (!signed.ignores(each.path())) {
                compare(each, signed, required, place);
            }
        }
        FilePatterns chosen =
                new FilePatterns(model.request().include(), model.request().exclude());
        for (String path : signed.digests().keySet()) {
            if (!present.contains(path) && chosen.wants(path)) {
                throw new InvalidSignatureException("the signed file " + path + " is missing");
            }
        }
    }

    private static void compare(
            ModelFile file, SignedFiles signed, RequiredSignature required, Function<ModelFile, Path> place)
            throws InvalidSignatureException, IOException {
        Optional<Digest> expected = Optional.ofNullable(signed.digests().get(file.path()));
        if (expected.isEmpty()) {
            boolean nothingToSign = signed.shards() && file.size() == 0;
            if (!required.unsignedFiles() && !nothingToSign) {
                throw new InvalidSignatureException("the file " + file.path() + " is not signed");
            }
        } else if (!expected.get().equals(sha256(file, place))) {
            throw new InvalidSignatureException("the file " + file.path() + " is not the signed one");
        }
    }

    /** From the lock. Small files may have only git's digest there; they are read. */
    private static Digest sha256(ModelFile file, Function<ModelFile, Path> place) throws IOException {
        Optional<Digest> locked = file.digest().filter(digest -> digest.algorithm() == DigestAlgorithm.SHA256);
        return locked.isPresent() ? locked.get() : Hashing.digest(place.apply(file), DigestAlgorithm.SHA256);
    }

    private TrustedSigner signer(RequiredSignature required) throws IOException {
        Path file = required.key().or(required::certificate).orElseThrow();
        try {
            byte[] pem = RegularFile.bytes(file, RegularFile.SMALL);
            return required.key().isPresent() ? TrustedSigner.ofKey(pem) : TrustedSigner.ofCertificates(pem, now);
        } catch (IOException e) {
            throw new IOException(file + " of cache.policy.signatures cannot be used: " + e.getMessage(), e);
        }
    }
}
