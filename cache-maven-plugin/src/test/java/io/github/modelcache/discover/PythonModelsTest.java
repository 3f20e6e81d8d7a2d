package io.github.modelcache.discover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonModelsTest {

    @TempDir
    Path folder;

    private List<String> entries(String python) throws Exception {
        return Sources.entries(folder, "app.py", python);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "AutoModel.from_pretrained('openlab/bert-x') | hf:openlab/bert-x",
                "AutoTokenizer.from_pretrained(\"bert-base-uncased\") | hf:bert-base-uncased",
                "SentenceTransformer('all-MiniLM-L6-v2') | hf:sentence-transformers/all-MiniLM-L6-v2",
                "SentenceTransformer('bert-base-uncased') | hf:bert-base-uncased",
                "WhisperModel('base', device='cpu') | hf:Systran/faster-whisper-base",
                "WhisperModel(\"large-v3-turbo\") | hf:mobiuslabsgmbh/faster-whisper-large-v3-turbo",
                "whisper.load_model('small') | whisper:small",
                "whisperx.load_model('large-v2', device) | hf:Systran/faster-whisper-large-v2",
                "mlx_whisper.transcribe(a, path_or_hf_repo='mlx-community/whisper-tiny-mlx') | hf:mlx-community/whisper-tiny-mlx",
                "torch.hub.load('snakers4/silero-vad', 'silero_vad') | torchhub:snakers4/silero-vad",
                "torch.hub.load(repo_or_dir='pytorch/vision:v0.10.0', model='resnet') | torchhub:pytorch/vision@v0.10.0",
                "spacy.load('en_core_web_sm') | spacy:en_core_web_sm",
                "load_dataset('openlab/corpus') | hf:datasets/openlab/corpus",
                "load_dataset('wikitext', 'wikitext-2-raw-v1') | hf:datasets/wikitext",
                "txtai.Embeddings({'path': 'openlab/vectors-1', 'content': True}) | hf:openlab/vectors-1",
                "timm.create_model('hf_hub:timm/resnet18.a1_in1k', pretrained=True) | hf:timm/resnet18.a1_in1k",
                "EncoderClassifier.from_hparams(source='speechbrain/spkrec-ecapa-voxceleb') | hf:speechbrain/spkrec-ecapa-voxceleb",
                "load_state_dict_from_url('https://host.example.openlab/a/x-12345678.pth') | torch:https://host.example.openlab/a/x-12345678.pth"
            })
    void knowsTheCallsOfLibraries(String call, String model) throws Exception {
        assertThat(entries(call)).containsExactly("\"" + model + "\"");
    }

    @Test
    void readsRevisionAndFiles() throws Exception {
        assertThat(entries("hf_hub_download(repo_id='openlab/x', filename='model.gguf', revision='v1.2')"))
                .containsExactly(
                        "{ \"model\": \"hf:openlab/x\", \"revision\": \"v1.2\", \"include\": [\"model.gguf\"] }");
    }

    @Test
    void readsTheValuesThatPytestPassesToATest() throws Exception {
        assertThat(entries("""
                @pytest.mark.parametrize("name", ["openlab/a-1", "openlab/b-1"])
                def test_one(name):
                    AutoConfig.from_pretrained(name)
                @pytest.mark.parametrize("path, word", [("openlab/c-1", "openlab/no-1"), ("openlab/d-1", 3)])
                def test_other(path, word):
                    AutoConfig.from_pretrained(path)
                """))
                .containsExactlyInAnyOrder(
                        "\"hf:openlab/a-1\"", "\"hf:openlab/b-1\"", "\"hf:openlab/c-1\"", "\"hf:openlab/d-1\"");
    }

    @Test
    void readsTheExamplesOfDocstrings() throws Exception {
        assertThat(Sources.in(folder).with("app.py", """
                class Config:
                    \"""
                    The model = "openlab/in-prose-1" of the text.

                    >>> config = Config(
                    ...     text_model_id="openlab/text-1b")
                    \"""
                """).places())
                .containsExactly("hf:openlab/text-1b guess example app.py:6");
    }

    @Test
    void aSettingMayNameAWellKnownModelWithoutAnOwner() throws Exception {
        assertThat(entries("backbone_models = ['t5-small', 'openlab/flan-1', 'base', 'small']\n"))
                .containsExactlyInAnyOrder("\"hf:t5-small\"", "\"hf:openlab/flan-1\"");
        assertThat(entries("import os\nTOKENIZER_MODEL = 'gpt2'\nMODEL_TYPE = 'gpt2'\n"))
                .containsExactly("\"hf:gpt2\"");
        assertThat(Sources.entries(folder, "conf.yaml", "llm_backbone: t5-small\nmodel_type: t5-base\nmodel: large\n"))
                .contains("\"hf:t5-small\"")
                .doesNotContain("\"hf:t5-base\"");
    }

    @Test
    void whatAProgramTrainsItselfIsNotProposed() throws Exception {
        assertThat(entries("""
                model_ckpt = "bert-base-uncased"
                AutoModelForMaskedLM.from_pretrained(model_ckpt)
                model_ckpt = f"{model_ckpt}-issues-128"
                AutoConfig.from_pretrained(model_ckpt)
                AutoModel.from_pretrained("distilbert-base-uncased-finetuned-clinc")
                """)).containsExactly("\"hf:bert-base-uncased\"");
    }

    @Test
    void aPipelineTakesItsModelAfterItsTask() throws Exception {
        assertThat(entries("from transformers import pipeline\np = pipeline('summarization', model='openlab/sum-1')"))
                .containsExactly("\"hf:openlab/sum-1\"");
    }

    @Nested
    class Variables {

        @Test
        void followsConstantsDefaultsAndTheEnvironment() throws Exception {
            assertThat(entries("""
                    import os
                    NAME = "openlab/constant-1"
                    def load(size="openlab/argument-1"):
                        return AutoModel.from_pretrained(size)
                    AutoModel.from_pretrained(NAME)
                    AutoModel.from_pretrained(os.getenv("X", "openlab/variable-1"))
                    parser.add_argument("--lm-model", default="openlab/option-1")
                    AutoModel.from_pretrained(args.lm_model)
                    """))
                    .containsExactlyInAnyOrder(
                            "\"hf:openlab/constant-1\"",
                            "\"hf:openlab/argument-1\"",
                            "\"hf:openlab/variable-1\"",
                            "\"hf:openlab/option-1\"");
        }

        @Test
        void followsTheArgumentsOfItsOwnFunctionsAndClasses() throws Exception {
            assertThat(entries("""
                    class Reader:
                        def __init__(self, name):
                            self.name = name
                        def load(self):
                            return AutoModel.from_pretrained(self.name)
                    Reader("openlab/of-class")
                    def load(name):
                        return AutoModel.from_pretrained(name)
                    load("openlab/of-function")
                    """)).containsExactlyInAnyOrder("\"hf:openlab/of-class\"", "\"hf:openlab/of-function\"");
        }

        @Test
        void tellsChoicesFromDefaults() throws Exception {
            assertThat(Sources.in(folder).with("app.py", """
                    MODELS = {"a": "openlab/choice-1", "b": "openlab/choice-2"}
                    AutoModel.from_pretrained(MODELS[size])
                    AutoModel.from_pretrained("openlab/default-1")
                    """).places())
                    .containsExactly(
                            "hf:openlab/default-1 certain default app.py:3",
                            "hf:openlab/choice-1 certain choice app.py:1",
                            "hf:openlab/choice-2 certain choice app.py:1");
        }

        @Test
        void theLastAssignmentBeforeTheCallCounts() throws Exception {
            assertThat(entries("""
                    name = "openlab/first-1"
                    AutoModel.from_pretrained(name)
                    name = "openlab/second-1"
                    AutoProcessor.from_pretrained(name)
                    """)).containsExactly("\"hf:openlab/first-1\"", "\"hf:openlab/second-1\"");
        }

        @Test
        void fillsPlaceholders() throws Exception {
            assertThat(entries("size = 'tiny'\nAutoModel.from_pretrained(f'openai/whisper-{size}')"))
                    .containsExactly("\"hf:openai/whisper-tiny\"");
            assertThat(entries("def f(size):\n    AutoModel.from_pretrained(f'openai/whisper-{size}')"))
                    .isEmpty();
        }

        @Test
        void endsWhereVariablesRefersToThemselves() throws Exception {
            assertThat(entries("a = b + a\nb = a or b\nAutoModel.from_pretrained(a + b)"))
                    .isEmpty();
        }
    }

    @Nested
    class NotModels {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "AutoModel.from_pretrained('./local/model')",
                    "AutoModel.from_pretrained('/opt/models/x')",
                    "AutoModel.from_pretrained('models/mine')",
                    "AutoModel.from_pretrained('your-org/your-model')",
                    "AutoModel.from_pretrained('path/to/model')",
                    "AutoModel.from_pretrained('output')",
                    "OpenAI().chat.completions.create(model='gpt-4o')",
                    "ChatOpenAI(model='gpt-4o-mini')",
                    "InferenceClient('meta-llama/Llama-3-8B')",
                    "HuggingFaceEndpoint(repo_id='meta-llama/Llama-3-8B')",
                    "client.chat.completions.create(model='meta-llama/Llama-3-8B')",
                    "litellm.completion(model='huggingface/meta-llama/Llama-3')",
                    "model = 'openai/gpt-4o'",
                    "MODEL = 'anthropic/claude-3-opus'",
                    "embedding_model = 'text-embedding-3-small'",
                    "keras.models.load_model('base')",
                    "load_dataset('csv', data_files='x')",
                    "spacy.load('./nlp')",
                    "x = 'application/json'",
                    "SentenceTransformer('my-tuned-model')",
                    "segmentation = 'training_cache/segmentation'",
                    "trained_model = 'training/model-best'",
                    "model_id = 'cleanup/test'",
                    "AutoModel.from_pretrained('WAV2VEC2_ASR_BASE_960H')",
                    "print('from_pretrained(\"openlab/in-a-string\")')"
                })
        void areNotProposed(String python) throws Exception {
            assertThat(entries(python)).isEmpty();
        }

        @Test
        void aConstantThatAServiceGetsIsNot() throws Exception {
            assertThat(entries("MODEL_ID = 'meta-llama/Llama-3-8B'\nclient = InferenceClient(model=MODEL_ID)"))
                    .isEmpty();
        }

        @Test
        void aFolderOfTheProjectIsNot() throws Exception {
            assertThat(Sources.in(folder)
                            .with("acme-corp/tuned/config.json", "{}")
                            .with("app.py", "AutoModel.from_pretrained('acme-corp/tuned')")
                            .places())
                    .isEmpty();
        }
    }

    @Test
    void commentsAndDocumentationAreExamples() throws Exception {
        assertThat(Sources.in(folder).with("app.py", """
                def load(name):
                    \"\"\"Loads.

                    >>> load(AutoModel.from_pretrained("openlab/in-doc"))
                    \"\"\"
                    # AutoModel.from_pretrained("openlab/in-comment")
                    return None
                """).places())
                .containsExactly(
                        "hf:openlab/in-doc guess example app.py:4", "hf:openlab/in-comment guess example app.py:6");
    }

    @Test
    void testsAndExamplesAreToldByTheirFolder() throws Exception {
        String call = "AutoModel.from_pretrained('openlab/x')";
        assertThat(Sources.in(folder)
                        .with("src/app.py", call)
                        .with("tests/test_app.py", call)
                        .with("examples/run.py", call)
                        .places())
                .containsExactly(
                        "hf:openlab/x certain default src/app.py:1",
                        "hf:openlab/x certain test tests/test_app.py:1",
                        "hf:openlab/x certain example examples/run.py:1");
    }

    @Test
    void aConstantWithoutACallIsLikely() throws Exception {
        assertThat(Sources.in(folder)
                        .with(
                                "settings.py",
                                "EMBEDDING_MODEL = 'openlab/embed-1'\nclass C:\n    llm: str = 'openlab/llm-1'\n")
                        .places())
                .containsExactly(
                        "hf:openlab/embed-1 likely default settings.py:1",
                        "hf:openlab/llm-1 guess default settings.py:3");
    }
}
