package io.github.modelcache.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureRulesTest {

    private static final Instant NOW = Instant.parse("2027-06-30T12:00:00Z");

    @TempDir
    Path folder;

    private final Map<String, String> contents = new TreeMap<>(
            Map.of("config.json", "{\"hidden\": 4}", "weights.bin", "0123456789", "sub/a.bin", "adapter"));
    private ModelRequest request = ModelRequest.PLAIN;

    @BeforeEach
    void copyKeys() throws Exception {
        for (String name : List.of("key.pem", "other.pem", "ca.pem", "other-ca.pem")) {
            new TestProject(folder).write("config/keys/" + name, resource(name));
        }
    }

    private static String resource(String name) throws Exception {
        try (InputStream in = SignatureRulesTest.class.getResourceAsStream("/io/github/modelcache/signature/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Optional<Finding> check(String rules, String signature, Instant now) throws Exception {
        contents.put("model.sig", signature);
        List<ModelFile> files = new ArrayList<>();
        for (Map.Entry<String, String> file : contents.entrySet()) {
            new TestProject(folder).write("model/" + file.getKey(), file.getValue());
            byte[] bytes = file.getValue().getBytes(StandardCharsets.UTF_8);
            // As on a hub: weights by SHA-256, the rest by git's digest.
            DigestAlgorithm algorithm =
                    file.getKey().endsWith(".bin") ? DigestAlgorithm.SHA256 : DigestAlgorithm.GIT_SHA1;
            files.add(new ModelFile(file.getKey(), bytes.length, Optional.of(Hashing.digest(bytes, algorithm)), "u"));
        }
        Files.deleteIfExists(folder.resolve("model/weights.bin")); // it must not be read
        ResolvedModel model =
                new ResolvedModel(ModelReference.parse("hf:a/b"), request, "c", Optional.empty(), false, files);
        String policy = "\"policy\": {\"signatures\": [" + rules.replace('\'', '"') + "]}";
        return new SignatureRules(new TestProject(folder).config(policy).policy(), now)
                .check(model, file -> folder.resolve("model").resolve(file.path()));
    }

    private Optional<Finding> byKey(String signature) throws Exception {
        return check("{'model': 'hf:a/*', 'key': 'config/keys/key.pem'}", resource(signature), NOW);
    }

    private Optional<Finding> byCertificate(String certificate, Instant now) throws Exception {
        String rule = "{'model': '*', 'certificate': 'config/keys/" + certificate + "'}";
        return check(rule, resource("certificate.sig"), now);
    }

    private static void requireInvalid(Optional<Finding> finding, String why) {
        assertThat(finding).hasValueSatisfying(found -> {
            assertThat(found.id()).isEqualTo(FindingId.SIGNATURE_INVALID);
            assertThat(found.message()).contains(why);
        });
    }

    @Nested
    class ASignatureByKey {

        @ParameterizedTest
        @ValueSource(strings = {"key.sig", "shards.sig"})
        void isValidWithoutReadingWeights(String signature) throws Exception {
            assertThat(byKey(signature)).isEmpty();
        }

        @Test
        void mayUseAnotherCurve() throws Exception {
            assertThat(check("{'model': '*', 'key': 'config/keys/other.pem'}", resource("p384.sig"), NOW))
                    .isEmpty();
        }

        @Test
        void ofAnotherKeyIsInvalid() throws Exception {
            requireInvalid(byKey("p384.sig"), "it was made with another key, or changed afterwards");
        }

        @Test
        void isNotOneByCertificate() throws Exception {
            requireInvalid(byKey("certificate.sig"), "it was not made with a key");
        }

        @Test
        void ofPartsOfFilesIsNotSupported() throws Exception {
            requireInvalid(byKey("parts.sig"), "it signs parts of files");
        }

        @Test
        void fitsIfOneOfSeveralRulesFits() throws Exception {
            String rules = "{'model': '*', 'key': 'config/keys/other.pem'}, {'model': 'hf:*', 'key':"
                    + " 'config/keys/key.pem'}";
            assertThat(check(rules, resource("key.sig"), NOW)).isEmpty();
        }
    }

    @Nested
    class ASignatureByCertificate {

        @Test
        void isValidIfATrustedCertificateVouchesForIt() throws Exception {
            assertThat(byCertificate("ca.pem", NOW)).isEmpty();
        }

        @Test
        void ofAnotherAuthorityIsInvalid() throws Exception {
            requireInvalid(byCertificate("other-ca.pem", NOW), "its certificate is not to be trusted");
        }

        @ParameterizedTest
        @ValueSource(strings = {"2020-01-01T00:00:00Z", "2037-01-01T00:00:00Z"})
        void isInvalidOutsideOfItsTime(String now) throws Exception {
            requireInvalid(byCertificate("ca.pem", Instant.parse(now)), "its certificate is not to be trusted");
        }
    }

    @Nested
    class AModel {

        @ParameterizedTest
        @CsvSource({
            "weights.bin, swapped, the file weights.bin is not the signed one",
            "config.json, {}, the file config.json is not the signed one",
            "added.py, import os, the file added.py is not signed"
        })
        void thatIsNotTheSignedOneIsReported(String path, String content, String problem) throws Exception {
            contents.put(path, content);
            requireInvalid(byKey("key.sig"), problem);
        }

        @Test
        void withoutASignedFileIsReported() throws Exception {
            contents.remove("sub/a.bin");
            requireInvalid(byKey("key.sig"), "the signed file sub/a.bin is missing");
        }

        @Test
        void mayLeaveOutSignedFilesByItsPatterns() throws Exception {
            contents.remove("sub/a.bin");
            request = new ModelRequest(
                    Optional.empty(),
                    List.of(),
                    List.of("sub/*"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            assertThat(byKey("key.sig")).isEmpty();
        }

        @Test
        void mayHaveFilesOfGitAndOthersWhereThePolicySaysSo() throws Exception {
            contents.put(".gitattributes", "x");
            assertThat(byKey("key.sig")).isEmpty();
            contents.put("README.md", "x");
            assertThat(check(
                            "{'model': '*', 'key': 'config/keys/key.pem', 'unsigned_files': true}",
                            resource("key.sig"),
                            NOW))
                    .isEmpty();
        }

        @Test
        void thatNeedsNoneOrHasNoneIsToldApart() throws Exception {
            assertThat(check("{'model': 'hf:z/*', 'key': 'config/keys/key.pem'}", "", NOW))
                    .isEmpty();
            assertThat(check("{'model': '*', 'key': 'config/keys/key.pem', 'file': 'b.sig'}", "", NOW))
                    .hasValueSatisfying(found -> {
                        assertThat(found.id()).isEqualTo(FindingId.SIGNATURE_MISSING);
                        assertThat(found.message())
                                .isEqualTo("hf:a/b has no signature: b.sig is not among its locked files, but"
                                        + " cache.policy.signatures requires it");
                    });
        }
    }

    @Nested
    class HostileBytes {

        @Test
        void areInvalidWhereverTheyEnd() throws Exception {
            String whole = resource("key.sig").stripTrailing();
            for (int length = 0; length < whole.length(); length += 7) {
                assertThat(check("{'model': '*', 'key': 'config/keys/key.pem'}", whole.substring(0, length), NOW))
                        .as("the first %s characters", length)
                        .map(Finding::id)
                        .hasValue(FindingId.SIGNATURE_INVALID);
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "v0.3+json | v9+json | it is not a Sigstore bundle",
                    "vnd.in-toto+json | json | its payload is not an in-toto statement",
                    "\"dsseEnvelope\" | \"other\" | its \"dsseEnvelope\" is not an object",
                    "\"publicKey\" | \"certificate\" | it is a keyless signature of Sigstore, which is not supported",
                    "\"signatures\" | \"none\" | its \"signatures\" is not an array that is not empty"
                })
        void areNamed(String from, String to, String problem) throws Exception {
            String changed = resource("key.sig").replace(from, to);
            requireInvalid(check("{'model': '*', 'key': 'config/keys/key.pem'}", changed, NOW), problem);
        }

        @Test
        void aStatementThatWasChangedIsNotRead() throws Exception {
            String bundle = resource("key.sig");
            String payload = bundle.replaceAll("(?s).*\"payload\":\\s*\"([^\"]+)\".*", "$1");
            String other = Base64.getEncoder()
                    .encodeToString(new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8)
                            .replace("weights", "Weights")
                            .getBytes(StandardCharsets.UTF_8));
            requireInvalid(
                    check("{'model': '*', 'key': 'config/keys/key.pem'}", bundle.replace(payload, other), NOW),
                    "it was made with another key, or changed afterwards");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model': '*'} | expected either \"key\" or \"certificate\"",
                "{'key': 'config/keys/key.pem'} | \"model\" is missing",
                "{'model': '*', 'key': 'config/keys/ca.pem'} | has no public key in PEM format",
                "{'model': '*', 'certificate': 'config/keys/key.pem'} | has no X.509 certificate in PEM format",
                "{'model': '*', 'key': 'config/keys/none.pem'} | of cache.policy.signatures cannot be used"
            })
    void aRuleThatCannotBeUsedIsAnError(String rule, String problem) {
        assertThatThrownBy(() -> check(rule, resource("key.sig"), NOW)).hasMessageContaining(problem);
    }
}
