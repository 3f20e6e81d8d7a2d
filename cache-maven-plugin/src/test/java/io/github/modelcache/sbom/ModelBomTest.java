package io.github.modelcache.sbom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBomTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final ModelBom.Project PROJECT = new ModelBom.Project("org.example", "speech", "1.0");

    @TempDir
    Path folder;

    private CacheConfig config;

    @BeforeEach
    void store() throws Exception {
        TestProject project = new TestProject(folder);
        config = project.prepared("");
        String snapshot = ".cache/huggingface/hub/models--acme--tiny/snapshots/" + COMMIT + "/";
        project.write(snapshot + "config.json", "{\"model_type\": \"bert\", \"architectures\": [\"BertModel\"]}");
        project.write(snapshot + "old.bin", "cos\nsystem\n(S'true'\ntR.");
    }

    private static ModelFile file(String path, DigestAlgorithm algorithm, String digit) {
        Digest digest = new Digest(algorithm, digit.repeat(algorithm.hexLength()));
        return new ModelFile(path, 10, Optional.of(digest), "https://hub.example/" + path.replace(' ', '_'));
    }

    private static ResolvedModel model(String reference, String revision, String license, ModelFile... files) {
        return new ResolvedModel(
                ModelReference.parse(reference),
                ModelRequest.PLAIN,
                revision,
                Optional.of(license),
                false,
                List.of(files));
    }

    private static Lock lock() {
        return Lock.of(List.of(
                model(
                        "hf:acme/tiny",
                        COMMIT,
                        "apache-2.0",
                        file("config.json", DigestAlgorithm.GIT_SHA1, "a"),
                        file("old.bin", DigestAlgorithm.SHA256, "b")),
                model("maven:org.acme:model:1.2", "1.2", "Some License 3", file("m.bin", DigestAlgorithm.SHA256, "c")),
                model(
                        "url:https://example.org/a b.onnx",
                        "sha256:" + "d".repeat(64),
                        "openrail",
                        file("a.onnx", DigestAlgorithm.SHA256, "d"))));
    }

    private String bom() throws Exception {
        return JsonWriter.write(new ModelBom("1.0", new ModelFacts(config)).of(PROJECT, lock()));
    }

    @Test
    void namesEachModelWithItsPackageUrl() throws Exception {
        assertThat(bom())
                .contains("\"purl\": \"pkg:huggingface/acme/tiny@" + COMMIT + "\"")
                .contains("\"purl\": \"pkg:maven/org.acme/model@1.2\"")
                .contains("\"purl\": \"pkg:generic/a%20b.onnx@sha256:" + "d".repeat(64))
                .contains("\"type\": \"machine-learning-model\"");
    }

    @Test
    void writesSpdxIdsOfLicencesAndNamesOfOthers() throws Exception {
        assertThat(bom())
                .contains("\"id\": \"Apache-2.0\"")
                .contains("\"name\": \"Some License 3\"")
                .contains("\"name\": \"openrail\"");
    }

    @Test
    void listsDigestsFormatsAndFindings() throws Exception {
        assertThat(bom())
                .contains("\"content\": \"" + "b".repeat(64) + "\"")
                .contains("\"modelcache:git-sha1\"")
                .contains("\"modelcache:finding:unsafe-model\"")
                .contains("old.bin: it would call os.system")
                .contains("\"modelArchitecture\": \"BertModel\"");
    }

    @Test
    void isTheSameInEachRun() throws Exception {
        assertThat(bom()).isEqualTo(bom());
    }

    @Test
    void addsTheModelsToAnotherBomAndKeepsItsText() throws Exception {
        String other =
                "{ \"bomFormat\":\"CycloneDX\",  \"components\": [\n {\"bom-ref\": \"x\",   \"name\": \"x\"}\n ] }";
        var ours = new ModelBom("1.0", new ModelFacts(config)).of(PROJECT, lock());
        String merged = BomMerge.merged(JsonDocument.parse("bom.json", other), ours);

        assertThat(merged).startsWith("{ \"bomFormat\":\"CycloneDX\",").contains("pkg:huggingface/acme/tiny");
        assertThat(BomMerge.merged(JsonDocument.parse("bom.json", merged), ours))
                .isEqualTo(merged);
        assertThatThrownBy(() -> BomMerge.merged(JsonDocument.parse("x.json", "{}"), ours))
                .hasMessageContaining("x.json is not a CycloneDX BOM");
    }
}
