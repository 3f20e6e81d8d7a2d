package io.github.modelcache.discover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What surrounds a name decides who serves the model. */
class HostedModelsTest {

    @TempDir
    Path folder;

    private List<String> entries(String file, String text) throws Exception {
        return Sources.entries(folder, file, text);
    }

    @Nested
    class InConfigs {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "models:\n  - type: main\n    engine: nvidia_ai_endpoints\n    model: meta/llama-3.1-70b-instruct\n",
                    "models:\n  - model: meta/llama3-8b-instruct\n    engine: nim\n    parameters:\n      base_url: http://localhost:7331/v1\n",
                    "models:\n  - engine: nim\n    parameters:\n      model_name: google/shieldgemma-9b\n",
                    "llm:\n  provider: groq\n  config:\n    model: Qwen/Qwen3-8B\n",
                    "llm_model: Qwen/Qwen3-8B\nllm_provider: together\n",
                    "llm:\n  model: Qwen/Qwen3-8B\n  api_key: ${KEY}\n",
                    "llm:\n  model: Qwen/Qwen3-8B\n  base_url: https://api.example.net/v1\n",
                    "chat:\n  _target_: langchain_groq.ChatGroq\n  model_name: Qwen/Qwen3-8B\n",
                    "embedder:\n  - type: bedrock\n    model_id: BAAI/bge-m3\n",
                    "llm: { provider: replicate, model: Qwen/Qwen3-8B }\n"
                })
        void aModelOfAServiceIsNotProposed(String yaml) throws Exception {
            assertThat(entries("config.yml", yaml)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "llm:\n  model: Qwen/Qwen3-8B\n  openai_api_base: http://localhost:8000/v1\n",
                    "llm:\n  engine: vllm_openai\n  model: Qwen/Qwen3-8B\n",
                    "llm:\n  provider: openai\n  base_url: http://vllm:8000/v1\n  model: Qwen/Qwen3-8B\n",
                    "llm_provider: groq\nllm_model: llama-3\nembedding_model: Qwen/Qwen3-8B\n",
                    "llm:\n  - provider: groq\n    model: x/y-8b-q\n    skip: true\n  - provider: local\n    model: Qwen/Qwen3-8B\n",
                    "OPENAI_API_KEY: x\nRERANKER_MODEL: Qwen/Qwen3-8B\n",
                })
        void aModelThatTheProjectServesIs(String yaml) throws Exception {
            assertThat(entries("config.yml", yaml)).contains("\"hf:Qwen/Qwen3-8B\"");
        }

        @Test
        void jsonTomlAndPropertiesAreReadTheSameWay() throws Exception {
            assertThat(entries("a.json", "{\"llm\": {\"model\": \"Qwen/Qwen3-8B\", \"provider\": \"groq\"}}"))
                    .isEmpty();
            assertThat(entries("a.toml", "[llm]\nprovider = \"fireworks\"\nmodel = \"Qwen/Qwen3-8B\"\n"))
                    .isEmpty();
            assertThat(entries(".env", "LLM_MODEL=Qwen/Qwen3-8B\nLLM_API_BASE=https://api.example.net\n"))
                    .isEmpty();
            assertThat(entries(
                            "microprofile-config.properties",
                            "hugging.face.api.key=x\nchat.model.id=mistralai/Mistral-Nemo-Instruct-2407\n"))
                    .isEmpty();
        }
    }

    @Nested
    class InCode {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "m = ChatNVIDIA(model='meta/llama3-8b-instruct')",
                    "m = Client(model='Qwen/Qwen3-8B', api_key=key)",
                    "m = LLM(provider='groq', model='Qwen/Qwen3-8B')",
                    "model_id = 'Qwen/Qwen3-8B'\nm = Client(base_url=u, model=model_id)",
                    "llm = InferenceEndpointsLLM(model_id='Qwen/Qwen3-8B', tokenizer_id='Qwen/Qwen3-8B')",
                    "llm_model = 'Qwen/Qwen3-8B'\nengine = HfApiEngine(llm_model)",
                    "model_id = 'BAAI/bge-m3'\ncreate_inference_endpoint(name, repository=model_id)",
                    "CONFIG = {'provider': 'together', 'model': 'Qwen/Qwen3-8B'}",
                    "WATSONX_CONFIG = {'url': u, 'generation_model': os.getenv('M', 'ibm/granite-13b-chat-v2')}",
                    "model: str = 'default/not-specified'",
                    "tts_model_id = 'suno/bark'\nclient = InferenceClient()\nx(client, tts_model_id)"
                })
        void ofPythonAModelOfAServiceIsNotProposed(String python) throws Exception {
            assertThat(entries("app.py", python)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HuggingFaceChatModel.builder().accessToken(t).modelId(\"Qwen/Qwen3-8B\").build()",
                    "HuggingFaceEmbeddingModel.builder().modelId(\"BAAI/bge-m3\").build()",
                    "WatsonxChatModel.builder().modelName(\"ibm/granite-3-8b-instruct\").build()",
                    "new Nim().model(\"x\").apiKey(k); Groq.builder().model(\"Qwen/Qwen3-8B\").build()",
                    "OpenAiChatOptions.builder().model(\"Qwen/Qwen3-8B\").build()"
                })
        void ofJavaAModelOfAServiceIsNotProposed(String java) throws Exception {
            assertThat(entries("App.java", "class App { void f() { " + java + "; } }"))
                    .isEmpty();
        }

        @Test
        void ofOllamaItIs() throws Exception {
            assertThat(
                            entries(
                                    "app.py",
                                    "import ollama\nOLLAMA_CONFIG = {'host': h, 'generation_model': os.getenv('M', 'qwen3.5:9b')}"))
                    .containsExactly("\"ollama:qwen3.5:9b\"");
            assertThat(entries("values.yaml", "ollama:\n  models:\n    pull:\n      - moondream\n"))
                    .contains("\"ollama:moondream\"");
        }

        @Test
        void whatALibraryOfTheProjectLoadsIs() throws Exception {
            assertThat(
                            entries(
                                    "app.py",
                                    "client = InferenceClient('Qwen/Qwen3-8B')\ntok = AutoTokenizer.from_pretrained('Qwen/Qwen3-8B')\n"))
                    .containsExactly("\"hf:Qwen/Qwen3-8B\"");
        }

        @Test
        void aConstantOfAnotherFileThatAServiceGetsIsNotProposed() throws Exception {
            assertThat(Sources.in(folder)
                            .with("config.py", "class Settings:\n    llm_model: str = 'Qwen/Qwen3-8B'\n")
                            .with("app.py", "client = InferenceClient(model=settings.llm_model)\n")
                            .places())
                    .isEmpty();
        }
    }
}
