package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Configs of transformers and its relatives. */
class RemoteCodeTest {

    private void assertRemoteCode(String name, String json, String what) throws IOException {
        assertThat(Samples.scan(bytes(json), name).issues()).singleElement().satisfies(issue -> {
            assertThat(issue.kind()).isEqualTo(Kind.REMOTE_CODE);
            assertThat(issue.what()).isEqualTo(what);
        });
    }

    @Test
    void thatNameCodeAreRemoteCode() throws IOException {
        assertRemoteCode(
                "config.json",
                "{\"auto_map\": {\"AutoModel\": \"modeling.Net\"}}",
                "its auto_map names code of the repository");
        assertRemoteCode(
                "config.json",
                "{\"custom_pipelines\": {\"x\": {\"impl\": \"pipe.Net\"}}}",
                "its custom_pipelines names code of the repository");
    }

    /** CVE-2026-4372: without trust_remote_code. */
    @Test
    void thatNameARepositoryOfKernelsAreRemoteCode() throws IOException {
        assertRemoteCode(
                "config.json",
                "{\"text_config\": {\"_attn_implementation_internal\": \"evil/kernels@main\"}}",
                "its _attn_implementation_internal loads code of evil/kernels@main");
        assertThat(Samples.scan(bytes("{\"_attn_implementation\": \"flash_attention_2\"}"), "config.json")
                        .issues())
                .isEmpty();
    }

    /** CVE-2026-5241: a config overrules what the program says. */
    @Test
    void thatTrustCodeThemselvesAreRemoteCode() throws IOException {
        assertRemoteCode(
                "config.json",
                "{\"keypoint_detector_config\": {\"trust_remote_code\": true}}",
                "its trust_remote_code allows code of a repository");
        assertThat(Samples.scan(bytes("{\"trust_remote_code\": false}"), "config.json")
                        .issues())
                .isEmpty();
    }

    /** huggingface/sentence-transformers#3801: from a folder, without trust_remote_code. */
    @Test
    void thatListModulesOfOthersAreRemoteCode() throws IOException {
        String modules = "[{\"idx\": 0, \"type\": \"sentence_transformers.models.Transformer\"},"
                + " {\"idx\": 1, \"type\": \"%s\"}]";
        assertRemoteCode(
                "modules.json", modules.formatted("own.Net"), "its module own.Net may be code of the repository");
        String known = modules.formatted("sentence_transformers.models.Pooling");
        assertThat(Samples.scan(bytes(known), "modules.json").issues()).isEmpty();
    }
}
