package io.github.modelcache.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** 100 GB of locked weights, in files without blocks on the disk: their digests are in the lock file. */
@EnabledOnOs(OS.LINUX)
class SignedWeightsTest {

    private static final int SHARDS = 10;
    private static final long SHARD_BYTES = 10_000_000_000L;
    private static final String TYPE = "application/vnd.in-toto+json";

    @TempDir
    Path folder;

    private final List<ModelFile> files = new ArrayList<>();

    @BeforeEach
    void writeWeights() throws Exception {
        for (int i = 0; i < SHARDS; i++) {
            String name = "model-" + i + ".safetensors";
            try (RandomAccessFile file =
                    new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
                file.setLength(SHARD_BYTES);
            }
            files.add(new ModelFile(name, SHARD_BYTES, Optional.of(digest(i)), "u"));
        }
    }

    private static Digest digest(int i) {
        return Digest.sha256(String.valueOf(i).repeat(64));
    }

    @Test
    void areVerifiedWithoutReadingThem() throws Exception {
        long before = bytesRead();
        Optional<Finding> finding = check();
        long read = bytesRead() - before;

        assertThat(finding).isEmpty();
        assertThat(read).as("bytes that this process read").isLessThan(64 << 20); // its classes
    }

    @Test
    void areNotVerifiedIfOneIsAnother() throws Exception {
        files.set(3, new ModelFile("model-3.safetensors", SHARD_BYTES, Optional.of(digest(0)), "u"));
        assertThat(check()).map(Finding::id).hasValue(FindingId.SIGNATURE_INVALID);
    }

    private static long bytesRead() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring("rchar: ".length())))
                .findFirst()
                .orElseThrow();
    }

    private Optional<Finding> check() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        TestProject project = new TestProject(folder);
        project.write(
                "key.pem",
                "-----BEGIN PUBLIC KEY-----\n" + base64(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        project.write("model.sig", bundle(statement(), keys));
        List<ModelFile> all = new ArrayList<>(files);
        all.add(new ModelFile("model.sig", 1, Optional.empty(), "u"));
        ResolvedModel model = new ResolvedModel(
                ModelReference.parse("hf:a/b"), ModelRequest.PLAIN, "c", Optional.empty(), false, all);
        String policy = "\"policy\": {\"signatures\": [{\"model\": \"*\", \"key\": \"key.pem\"}]}";
        return new SignatureRules(project.config(policy).policy(), Instant.now())
                .check(model, file -> folder.resolve(file.path()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String statement() {
        List<String> resources = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            resources.add("""
                {"name": "model-%s.safetensors", "algorithm": "sha256", "digest": "%s"}\
                """.formatted(i, digest(i).hex()));
        }
        return """
            {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "b", "digest": {"sha256": "%s"}}],
             "predicateType": "https://model_signing/signature/v1.0", "predicate": {"resources": [%s],
             "serialization": {"method": "files", "hash_type": "sha256", "ignore_paths": []}}}\
            """.formatted(digest(0).hex(), String.join(", ", resources));
    }

    private static String bundle(String statement, KeyPair keys) throws Exception {
        byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(("DSSEv1 " + TYPE.length() + " " + TYPE + " " + payload.length + " " + statement)
                .getBytes(StandardCharsets.UTF_8));
        return """
            {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": {"publicKey": {}},
             "dsseEnvelope": {"payloadType": "%s", "payload": "%s", "signatures": [{"sig": "%s"}]}}\
            """.formatted(TYPE, base64(payload), base64(signature.sign()));
    }
}
