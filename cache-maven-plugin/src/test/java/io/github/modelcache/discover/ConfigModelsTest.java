package io.github.modelcache.discover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models in config files, scripts, notebooks and Java. */
class ConfigModelsTest {

    @TempDir
    Path folder;

    private List<String> entries(String file, String text) throws Exception {
        return Sources.entries(folder, file, text);
    }

    @Test
    void readsYaml() throws Exception {
        assertThat(entries("conf.yaml", """
                llm:
                  model_id: "openlab/llm-1"  # the language model
                  url: openlab/not-a-model
                models:
                  - openlab/listed-1
                openai:
                  model: meta-llama/hosted
                steps:
                  - run: python -m spacy download en_core_web_sm
                  - "python -m spacy download es_core_news_lg"
                """))
                .containsExactlyInAnyOrder(
                        "\"hf:openlab/llm-1\"",
                        "\"hf:openlab/listed-1\"",
                        "\"spacy:en_core_web_sm\"",
                        "\"spacy:es_core_news_lg\"");
    }

    @Test
    void readsSettingsOfSpringAiAndLangChain4j() throws Exception {
        assertThat(entries("application.properties", """
                spring.ai.embedding.transformer.onnx.modelUri=https://example.net/bge/model.onnx
                spring.ai.embedding.transformer.tokenizer.uri=https://huggingface.co/BAAI/bge-small-en/resolve/main/tokenizer.json
                langchain4j.jlama.chat-model.model-name=tjake/Llama-3.2-1B-Instruct-JQ4
                langchain4j.open-ai.chat-model.model-name=gpt-4o
                embedding.model=${EMBEDDING_MODEL:intfloat/e5-small}
                """))
                .containsExactlyInAnyOrder(
                        "\"url:https://example.net/bge/model.onnx\"",
                        "{ \"model\": \"hf:BAAI/bge-small-en\", \"include\": [\"tokenizer.json\"] }",
                        "\"hf:tjake/Llama-3.2-1B-Instruct-JQ4\"",
                        "\"hf:intfloat/e5-small\"");
    }

    @Test
    void readsJava() throws Exception {
        assertThat(entries("src/main/java/App.java", """
                class App {
                    private static final String URL = "https://example.net/zoo/resnet.zip";
                    @Value("${embedding.model:intfloat/e5-small}")
                    String embeddingModel;
                    /** Not {@code HuggingFaceTokenizer.newInstance("openlab/in-comment")}. */
                    void load() {
                        Criteria.builder().setTypes(A.class, B.class).optModelUrls(URL).build();
                        HuggingFaceTokenizer.newInstance("sentence-transformers/all-MiniLM-L6-v2");
                        var chat = JlamaChatModel.builder().temperature(0.3).modelName("tjake/tiny-1").build();
                        var other = OpenAiChatModel.builder().modelName("meta-llama/hosted-1").build();
                        var llama = new ModelParameters().setThreads(2).setHfRepo("openlab/tiny-GGUF").setHfFile("a.gguf");
                        var hub = HuggingFaceChatModel.builder().modelId("meta-llama/hosted-2").build();
                    }
                }
                """))
                .containsExactlyInAnyOrder(
                        "\"url:https://example.net/zoo/resnet.zip\"",
                        "\"hf:intfloat/e5-small\"",
                        "\"hf:sentence-transformers/all-MiniLM-L6-v2\"",
                        "\"hf:tjake/tiny-1\"",
                        "\"hf:openlab/tiny-GGUF\"",
                        "\"hf:openlab/in-comment\"");
    }

    @Test
    void aModelOfSpringAiIsOfTheProviderThatItsFileImports() throws Exception {
        String java = """
                import org.springframework.ai.%s;
                class App {
                    void f() {
                        ChatOptions.builder().model("granite3.2:2b").temperature(0.9);
                        ChatOptions.builder().model("hf.co/openlab/SmolLM2-GGUF:Q4_K_M");
                        OllamaChatOptions.builder().model(OllamaModel.NOMIC_EMBED_TEXT.getName());
                    }
                }
                """;
        assertThat(entries("App.java", java.formatted("ollama.api.OllamaChatOptions")))
                .containsExactlyInAnyOrder(
                        "\"ollama:granite3.2:2b\"", "\"hf:openlab/SmolLM2-GGUF\"", "\"ollama:nomic-embed-text\"");
        assertThat(entries("App.java", "ChatOptions.builder().model(\"granite3.2:2b\")"))
                .isEmpty();
    }

    @Test
    void readsKotlinWithoutSemicolons() throws Exception {
        assertThat(entries("App.kt", """
                const val MODEL_URL = "https://example.net/zoo/a.zip"
                val other = 1
                val criteria = Criteria.builder()
                    .optModelUrls(MODEL_URL)
                """)).containsExactly("\"url:https://example.net/zoo/a.zip\"");
    }

    @Test
    void readsScriptsAndDockerfiles() throws Exception {
        assertThat(entries("Dockerfile", """
                ENV MODEL_ID=openlab/of-environment
                RUN hf download openlab/whole && \\
                    huggingface-cli download openlab/part weights.gguf --revision v2 --local-dir /models
                RUN curl -LO https://example.net/vad/vad.onnx
                RUN git clone https://huggingface.co/openlab/cloned
                RUN MODEL_URL="ollama://qwen3:0.6b" MODEL_ADDR=kubeai/openai ./serve.sh
                # RUN hf download openlab/in-comment
                """))
                .containsExactlyInAnyOrder(
                        "\"hf:openlab/of-environment\"",
                        "\"hf:openlab/whole\"",
                        "{ \"model\": \"hf:openlab/part\", \"revision\": \"v2\", \"include\": [\"weights.gguf\"] }",
                        "\"url:https://example.net/vad/vad.onnx\"",
                        "\"hf:openlab/cloned\"",
                        "\"ollama:qwen3:0.6b\"",
                        "\"hf:openlab/in-comment\"");
    }

    @Test
    void readsRequirements() throws Exception {
        assertThat(entries(
                        "requirements.txt",
                        "en_core_web_sm @ https://github.com/explosion/spacy-models/releases/download/"
                                + "en_core_web_sm-3.8.0/en_core_web_sm-3.8.0-py3-none-any.whl\n"))
                .containsExactly("{ \"model\": \"spacy:en_core_web_sm\", \"revision\": \"3.8.0\" }");
    }

    @Test
    void readsTheDependenciesOfAPom() throws Exception {
        assertThat(entries("pom.xml", """
                <project><properties><opennlp.models>1.3.0</opennlp.models></properties><dependencies><dependency>
                  <groupId>org.apache.opennlp</groupId>
                  <artifactId>opennlp-models-langdetect</artifactId>
                  <version>${opennlp.models}</version>
                </dependency></dependencies></project>
                """))
                .containsExactly("\"maven:org.apache.opennlp:opennlp-models-langdetect:1.3.0\"");
    }

    @Test
    void takesTheVersionOfAModelFromTheParentPom() throws Exception {
        assertThat(Sources.in(folder)
                        .with(
                                "pom.xml",
                                "<project><properties>\n<opennlp.models>1.3.0</opennlp.models>\n</properties></project>")
                        .with(
                                "app/pom.xml",
                                "<dependency><groupId>org.apache.opennlp</groupId>"
                                        + "<artifactId>opennlp-models-pos-en</artifactId>"
                                        + "<version>${opennlp.models}</version></dependency>")
                        .places())
                .containsExactly("maven:org.apache.opennlp:opennlp-models-pos-en:1.3.0 certain default pom.xml:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.net/zoo/resnet18.pt.gz",
                "https://example.net/releases/model_se.pth.tar",
                "https://example.net/tts_models--multi--your_tts.zip"
            })
    void knowsAddressesOfWeights(String address) throws Exception {
        assertThat(entries("a.py", "DownloadUtils.download('" + address + "')"))
                .containsExactly("\"url:" + address + "\"");
    }

    @Test
    void theNameOfASettingTellsThatItsAddressIsOfAModel() throws Exception {
        assertThat(entries("a.py", "Recognizer(model_url='https://example.net/demo/wav.zip')"))
                .containsExactly("\"url:https://example.net/demo/wav.zip\"");
    }

    @Test
    void theFolderOfAPlatformHidesNothing() throws Exception {
        assertThat(entries("sagemaker/serving.properties", "option.model_id=openlab/served-8b\n"))
                .containsExactly("\"hf:openlab/served-8b\"");
        assertThat(entries("mkdocs.yml", "repo_name: openlab/whisper-asr-webservice\n"))
                .noneMatch(entry -> entry.contains("webservice"));
    }

    @Test
    void readsTheCodeOfNotebooksAtItsLines() throws Exception {
        assertThat(Sources.in(folder).with("a.ipynb", """
                {"cells": [
                  {"cell_type": "markdown", "source": ["AutoModel.from_pretrained('openlab/in-text')"]},
                  {"cell_type": "code", "source": [
                    "!hf download openlab/of-shell\\n",
                    "name = 'openlab/of-code'\\n"],
                   "outputs": [{"data": "AutoModel.from_pretrained('openlab/in-output')"}]},
                  {"cell_type": "code", "source": "\\nAutoModel.from_pretrained(name)"}
                ]}
                """).places())
                .containsExactlyInAnyOrder(
                        "hf:openlab/of-code certain default a.ipynb:5",
                        "hf:openlab/of-shell certain default a.ipynb:4");
    }
}
