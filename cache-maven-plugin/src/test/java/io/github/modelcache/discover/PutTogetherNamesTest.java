package io.github.modelcache.discover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of models that no call has as they are. */
class PutTogetherNamesTest {

    @TempDir
    Path folder;

    private List<String> entries(String file, String text) throws Exception {
        return Sources.entries(folder, file, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "P = 'openlab'\\nAutoModel.from_pretrained('%s/a-1' % P) | hf:openlab/a-1",
                "P = 'openlab'\\nAutoModel.from_pretrained('{}/a-{}'.format(P, '1')) | hf:openlab/a-1",
                "class E(Enum):\\n    A = 'openlab/a-1'\\nAutoModel.from_pretrained(E.A.value) | hf:openlab/a-1",
                "flags.DEFINE_string('m', 'openlab/a-1', 'help')\\nAutoModel.from_pretrained(FLAGS.m) | hf:openlab/a-1",
                "partial(AutoModel.from_pretrained, 'openlab/a-1') | hf:openlab/a-1",
                "subprocess.run(['hf', 'download', 'openlab/a-1', '--token', t]) | hf:openlab/a-1",
                "subprocess.run([sys.executable, '-m', 'spacy', 'download', 'en_core_web_sm']) | spacy:en_core_web_sm",
                "SIZES = {'a': 'base'}\\nWhisperModel(SIZES[x]) | hf:Systran/faster-whisper-base",
                "n = 'openlab/a-1' if x else None\\nAutoModel.from_pretrained(n) | hf:openlab/a-1",
                "timm.create_model('resnet50.a1_in1k') | hf:timm/resnet50.a1_in1k",
                "TextEmbedding('BAAI/bge-small-en-v1.5') | hf:Qdrant/bge-small-en-v1.5-onnx-Q",
                "b = torchaudio.pipelines.HUBERT_BASE |"
                        + " torch:https://download.pytorch.org/torchaudio/models/hubert_fairseq_base_ls960.pth",
                "OPTIONS = dict(repo_or_dir='snakers4/silero-vad', model='silero_vad')\\n"
                        + "torch.hub.load(**OPTIONS) | torchhub:snakers4/silero-vad",
                "def load(size):\\n"
                        + "    whisper.load_model(size)\\n"
                        + "other.load('x')\\n"
                        + "parser.add_argument('--size', default='base') | whisper:base",
                "p = pipeline('asr', model='openlab/a-1') | hf:openlab/a-1",
                "MODELS = ['en_core_web_md'] | spacy:en_core_web_md",
                "# python -m spacy download en_core_web_md | spacy:en_core_web_md",
                "URL = 'https://example.net/v0.6_models/tts--en--vits.zip' |"
                        + " url:https://example.net/v0.6_models/tts--en--vits.zip",
                "URL = 'https://example.net/bge-small-en.tar.gz' | url:https://example.net/bge-small-en.tar.gz",
                "from torchaudio.pipelines import MMS_FA as F\\nF.get_model() |"
                        + " torch:https://dl.fbaipublicfiles.com/mms/torchaudio/ctc_alignment_mling_uroman/model.pt"
            })
    void areFollowed(String python, String model) throws Exception {
        assertThat(entries("app.py", python.replace("\\n", "\n"))).containsExactly("\"" + model + "\"");
    }

    @Test
    void aCellOfCommandsIsRead() throws Exception {
        assertThat(entries("a.ipynb", """
            {"cells": [{"cell_type": "code", "source": ["%%bash\\n", "cd models\\n", "hf download openlab/of-cell"]}]}
            """)).containsExactly("\"hf:openlab/of-cell\"");
    }

    @Test
    void aNameThatIsChangedMeansWhatItWasBefore() throws Exception {
        assertThat(entries("app.py", """
            def f(n='openlab/a-1'):
                n = f'{n}-4bit' if small else n
                AutoModel.from_pretrained(n)
            """)).containsExactlyInAnyOrder("\"hf:openlab/a-1\"", "\"hf:openlab/a-1-4bit\"");
    }

    @Test
    void eachNameOfATupleHasItsOwnValue() throws Exception {
        assertThat(entries("app.py", """
                def check():
                    return ('silero', 'v3')
                method, version = check()
                first, second = 'openlab/a-1', 'openlab/b-1'
                torch.hub.load(f"snakers4/silero-vad:{version}", "x")
                AutoModel.from_pretrained(second)
                """)).contains("\"hf:openlab/b-1\"").noneMatch(entry -> entry.contains("@silero"));
    }

    @Test
    void anOptionThatIsTakenOutIsFollowed() throws Exception {
        assertThat(entries("app.py", """
                parser.add_argument('--model', default='small')
                torch.hub.load(repo, model='tiny')
                args = parser.parse_args().__dict__
                whisper.load_model(args.pop('model'))
                """)).containsExactly("\"whisper:small\"");
    }

    @Test
    void unknownPartsMakeNoName() throws Exception {
        assertThat(entries("app.py", """
            AutoModel.from_pretrained('%s/%s' % (a, b))
            AutoModel.from_pretrained('qwen3_tts_ref_spk')
            X.HUBERT_BASE
            """)).isEmpty();
    }

    @Nested
    class WithoutACall {

        @Test
        void aNameThatReadsLikeAModelIsAGuess() throws Exception {
            assertThat(Sources.in(folder)
                            .with(
                                    "app.py",
                                    "CHOICES = ['Qwen/Qwen3-8B', 'openlab/other']\nENGINE = {'BAAI/bge-m3': 1}\n")
                            .places())
                    .containsExactlyInAnyOrder(
                            "hf:Qwen/Qwen3-8B guess choice app.py:1", "hf:BAAI/bge-m3 guess choice app.py:2");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "x = ['https://example.net/data/models-2.zip', 'https://example.net/a.tar.gz', 'kubeai.org/v1-8b']",
                    "g = HuggingFaceAPIChatGenerator(api_params={'model': 'Qwen/Qwen3-8B'})",
                    "client = OpenAI(base_url=u)\nNAMES = ['Qwen/Qwen3-8B']",
                    "x = ['openlab/readme', 'QwenLM/Qwen3-8B', 'ggerganov/llama.cpp', 'meta-llama/llama']"
                })
        void namesOfServicesAndOfCodeAreNot(String python) throws Exception {
            assertThat(entries("app.py", python)).isEmpty();
        }

        @Test
        void aListOfWhatServicesOfferIsNot() throws Exception {
            assertThat(entries("llms.json", """
                {"factories": [
                  {"name": "OpenAI", "llm_name": "x"}, {"name": "Groq"}, {"name": "DeepInfra"}, {"name": "Cohere"},
                  {"llm_name": "Qwen/Qwen3-8B", "model_name": "BAAI/bge-m3"}
                ]}
                """)).isEmpty();
        }

        @Test
        void theDefaultOfAFunctionThatGetsAKeyIsNot() throws Exception {
            assertThat(entries("app.py", """
                class A:
                    def __init__(self, key, model_name='BAAI/bge-m3', base_url=None):
                        pass
                """)).isEmpty();
            assertThat(entries("watsonx/ai.py", "model_name = 'ibm/granite-3-8b'"))
                    .isEmpty();
        }

        @Test
        void theNamesAndElementsOfSettingsCount() throws Exception {
            assertThat(Sources.in(folder)
                            .with("models.yaml", """
                                            containers:
                                            - args:
                                              - "--model"
                                              - "openlab/of-option"
                                              command: ["serve", "--model-id", "openlab/of-list"]
                                            modelURL: "openlab/of-url"
                                            voices:
                                              suno/bark-small-v2:
                                                id: 1
                                              other: openlab/wav2vec2-base
                                            image: openlab/whisper-server-7b
                                catalog:
                                  one:
                                    url: "hf://openlab/of-scheme"
                                  two:
                                    url: ollama://gemma2:2b
                                """)
                            .with("models.json", "{\"SWivid/F5-TTS-1b\": {\"label\": \"x\"}, \"models\": 1}")
                            .places())
                    .extracting(place -> place.substring(0, place.indexOf(' ')))
                    .containsOnly(
                            "hf:openlab/of-option",
                            "hf:openlab/of-list",
                            "hf:openlab/of-url",
                            "hf:openlab/of-scheme",
                            "ollama:gemma2:2b",
                            "hf:openlab/wav2vec2-base",
                            "hf:SWivid/F5-TTS-1b");
        }
    }

    @Nested
    class AcrossFiles {

        private static final String SETTINGS =
                "DEFAULT = 'openlab/constant-1'\nclass Settings:\n    speech: str = 'openlab/field-1'\n";

        @Test
        void constantsAndFieldsAreFollowed() throws Exception {
            assertThat(Sources.in(folder)
                            .with("conf/settings.py", SETTINGS)
                            .with("app.py", """
                                from conf.settings import DEFAULT, settings
                                AutoModel.from_pretrained(DEFAULT)
                                AutoModel.from_pretrained(settings.speech)
                                """)
                            .places())
                    .containsExactly(
                            "hf:openlab/constant-1 certain default conf/settings.py:1",
                            "hf:openlab/field-1 certain default conf/settings.py:3");
        }

        @Test
        void aConstantThatTheEnvironmentMayReplaceIs() throws Exception {
            assertThat(Sources.in(folder)
                            .with(
                                    "config.py",
                                    "# model\nclass CONFIG:\n    MODEL_NAME = os.getenv('ASR_MODEL', 'base')\n")
                            .with("engine.py", "whisper.load_model(name=CONFIG.MODEL_NAME)\n")
                            .places())
                    .containsExactly("whisper:base certain default config.py:3");
        }

        @Test
        void aConstantOfAConstantIs() throws Exception {
            assertThat(Sources.in(folder)
                            .with("OllamaImages.java", "class ollama { static final String LLAMA_3 = \"llama3.1\"; }")
                            .with("Base.java", "class Base { // ollama\n static final String MODEL = LLAMA_3; }")
                            .with(
                                    "ChatTest.java",
                                    "class ChatTest extends Base {\n"
                                            + "  void f() { OllamaChatModel.builder().modelName(MODEL).build(); } }")
                            .places())
                    .containsExactly("ollama:llama3.1 certain default OllamaImages.java:1");
        }

        @Test
        void constantsOfJavaAre() throws Exception {
            assertThat(Sources.in(folder)
                            .with(
                                    "Names.java",
                                    "class Names { static final String ZOO_URL = \"https://example.net/zoo/a.zip\"; }")
                            .with("App.java", "class App { void f() { b.optModelUrls(Names.ZOO_URL); } }")
                            .places())
                    .containsExactly("url:https://example.net/zoo/a.zip certain default Names.java:1");
        }

        @Test
        void aNameWithSeveralValuesIsNot() throws Exception {
            assertThat(Sources.in(folder)
                            .with("settings.py", SETTINGS)
                            .with("other.py", "DEFAULT = 'openlab/other-1'")
                            .with("app.py", "AutoModel.from_pretrained(DEFAULT)")
                            .places())
                    .isEmpty();
        }
    }
}
