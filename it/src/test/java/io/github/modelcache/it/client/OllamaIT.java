package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.registry.Program;
import io.github.modelcache.it.registry.Programs;
import io.github.modelcache.it.registry.ProgramsExtension;
import io.github.modelcache.testing.FaultyServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real ollama finds the models of a project, without a network. Skipped where there is no ollama. */
@Tag("clients-java")
@ExtendWith(ProgramsExtension.class)
class OllamaIT {

    private static final String REGISTRY = "/registry.ollama.ai/v2/library/tiny/";

    /** Answers as soon as the server does; the server ends with the shell that started it. */
    private static final String SCRIPT = """
        ip link set lo up
        "$0" serve > "$1" 2>&1 &
        server=$!
        until "$0" list 2> /dev/null; do kill -0 $server || exit 1; done
        "$0" show tiny:1b
        status=$?
        kill $server
        wait $server
        exit $status
        """;

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void theRealOllamaListsAndShowsADownloadedModel(MavenBuild maven, Workspace workspace, Programs programs)
            throws Exception {
        Network network = Network.find();
        assumeFalse(network.cut().isEmpty(), "no network namespaces here");
        Program ollama = programs.require("ollama");
        try (FaultyServer registry = new FaultyServer()) {
            serve(registry);
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .member(
                                    "mirrors",
                                    "{\"https://registry.ollama.ai/\": \"" + registry.uri("/registry.ollama.ai/")
                                            + "\"}")
                            .model("ollama:tiny:1b")
                            .toString());
            maven.cache("init", "lock", "download").run().succeeded();
        }

        Path log = workspace.root().resolve("ollama.log");
        List<String> command = new ArrayList<>(network.cut());
        command.addAll(List.of("sh", "-c", SCRIPT, ollama.file().toString(), log.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("OLLAMA_MODELS", workspace.file(".cache/models/ollama").toString());
        builder.environment().put("HOME", workspace.home().toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("tiny:1b").containsPattern("architecture +llama");
        assertThat(log).content().doesNotContain("bad manifest");
        maven.cache("verify").offline().run().succeeded();
    }

    private static void serve(FaultyServer registry) {
        String weights = blob(registry, "vnd.ollama.image.model", GgufModel.llama());
        String template = blob(registry, "vnd.ollama.image.template", bytes("{{ .Prompt }}"));
        String parameters = blob(registry, "vnd.ollama.image.params", bytes("{\"num_predict\":4,\"num_ctx\":32}"));
        String config = blob(
                registry,
                "vnd.docker.container.image.v1+json",
                bytes("{\"model_format\":\"gguf\",\"model_family\":\"llama\",\"model_families\":[\"llama\"],"
                        + "\"model_type\":\"1K\",\"file_type\":\"F32\",\"architecture\":\"amd64\",\"os\":\"linux\"}"));
        registry.on(
                REGISTRY + "manifests/1b",
                FaultyServer.ok(bytes("{\"schemaVersion\":2,\"mediaType\":"
                        + "\"application/vnd.docker.distribution.manifest.v2+json\",\"config\":" + config
                        + ",\"layers\":[" + String.join(",", weights, template, parameters) + "]}")));
    }

    private static String blob(FaultyServer registry, String type, byte[] content) {
        String digest = "sha256:" + ModelContent.sha256(content);
        registry.on(REGISTRY + "blobs/" + digest, FaultyServer.ok(content));
        return "{\"mediaType\":\"application/%s\",\"digest\":\"%s\",\"size\":%d}"
                .formatted(type, digest, content.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
