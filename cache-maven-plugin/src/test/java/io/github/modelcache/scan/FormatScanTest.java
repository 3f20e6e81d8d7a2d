package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.Samples.field;
import static io.github.modelcache.scan.Samples.number;
import static io.github.modelcache.scan.ScanAssertions.CALL;
import static io.github.modelcache.scan.ScanAssertions.assertFine;
import static io.github.modelcache.scan.ScanAssertions.assertUnreadable;
import static io.github.modelcache.scan.ScanAssertions.assertUnsafe;
import static io.github.modelcache.scan.ScanAssertions.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatScanTest {

    @Nested
    class Safetensors {

        @Test
        void areFine() throws IOException {
            assertFine(
                    Samples.safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8),
                    "safetensors");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                    "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                    "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
                            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                    "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
                    "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,8]}}",
                    "{\"a\":3}",
                    "{\"a\":",
                    "{]"
                })
        void withAWrongHeaderAreNotScannable(String header) throws IOException {
            assertUnreadable(Samples.safetensors(header, 8), "damaged as safetensors");
        }

        @Test
        void thatArePicklesAsWellAreUnsafe() throws IOException {
            // The length is the opcode of a text, which ends in the middle of the header.
            String start = "{\"__metadata__\":{\"x\":\"";
            String pickle = "cos\nsystem\n)R.";
            String header = start + pickle;
            String padded = header + " ".repeat(0x2058 - header.length() - 3) + "\"}}";
            byte[] content = Samples.safetensors(padded, 0);
            content[0] = 'X';
            int skipped = 1 + 4 + (content[1] & 0xff);
            int at = 8 + start.length();
            System.arraycopy(bytes(" ".repeat(skipped - at) + pickle), 0, content, at, skipped - at + pickle.length());

            assertUnsafe(content, CALL);
        }
    }

    @Nested
    class Gguf {

        @Test
        void isFine() throws IOException {
            String template = "{% for m in messages %}{{ m['role'] + '\\n' }}{% endfor %}";
            assertFine(Samples.gguf("tokenizer.chat_template", template, 4, 16), "gguf");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{{ ().__class__.__base__.__subclasses__() }}",
                    "{{ x|attr('__class__') }}",
                    "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
                    "{{ x['_' * 2] }}",
                    "{% import 'a' as b %}",
                    "{{ cycler.next }}",
                    "{{ self._TemplateReference__context }}",
                    "{{ '%c'|format(95) }}"
                })
        void withATemplateThatReachesIntoPythonIsUnsafe(String template) throws IOException {
            assertUnsafe(Samples.gguf("tokenizer.chat_template", template, 4, 16), "its chat template");
        }

        @Test
        void withATensorOutsideOfTheFileIsUnsafe() throws IOException {
            assertUnsafe(Samples.gguf("a", "b", Long.MAX_VALUE, 16), "has a shape that is out of range");
            assertUnsafe(Samples.gguf("a", "b", 1 << 20, 16), "outside of the file");
        }

        /** ggml-org/llama.cpp#26318 and #25596. */
        @Test
        void withASizeThatNoLibraryTakesIsUnsafe() throws IOException {
            byte[] key = Samples.ggufText("general.alignment");

            assertFine(Samples.gguf(concat(key, Samples.le(4, 4), Samples.le(32, 4)), 4, 0, 16), "gguf");
            for (int alignment : new int[] {0, 3, 48}) {
                byte[] value = concat(key, Samples.le(4, 4), Samples.le(alignment, 4));
                assertUnsafe(Samples.gguf(value, 4, 0, 16), "its alignment is no power of two");
            }
            byte[] number = concat(key, Samples.le(5, 4), Samples.le(32, 4));
            assertUnsafe(Samples.gguf(number, 4, 0, 16), "its alignment is no power of two");
            assertUnsafe(Samples.gguf("a", "b", 0, 16), "has a shape that is out of range");
        }

        @Test
        void isAsLongAsItsTensors() throws IOException {
            byte[] text = concat(Samples.ggufText("a"), Samples.le(8, 4), Samples.ggufText("b"));

            assertFine(Samples.gguf(text, 64, 2, 36), "gguf"); // Q4_0
            assertUnsafe(Samples.gguf(text, 64, 2, 35), "its tensors end outside of the file");
            assertUnsafe(Samples.gguf(text, 1 << 20, 2, 36), "the tensor 'w' lies outside of the file");
        }

        @Test
        void thatEndsEarlyIsUnsafe() throws IOException {
            byte[] whole = Samples.gguf("a", "b", 4, 16);
            for (int length = 5; length < whole.length; length++) {
                assertUnsafe(Arrays.copyOf(whole, length), "damaged as gguf");
            }
        }
    }

    @Nested
    class Keras {

        private static final String LAMBDA =
                "{\"class_name\":\"Sequential\",\"config\":{\"layers\":[{\"class_name\":\"L\\u0061mbda\",\"config\":{}}]}}";

        @Test
        void withALambdaIsUnsafeInEveryContainer() throws IOException {
            byte[] json = bytes(LAMBDA);
            assertUnsafe(json, "Lambda");
            assertUnsafe(
                    Samples.zip(Map.of("config.json", json, "metadata.json", bytes("{}"))), "in config.json: it has");
            assertUnsafe(LAMBDA.getBytes(StandardCharsets.UTF_16BE), "Lambda");
        }

        @Test
        void withANameOfAnotherPackageIsUnsafe() throws IOException {
            assertUnsafe(
                    bytes("{\"module\":\"os\",\"class_name\":\"system\",\"config\":{\"command\":\"x\"}}"), "os.system");
            assertUnsafe(bytes("{\"module\":\"keras.utils\",\"class_name\":\"get_file\",\"config\":{}}"), "get_file");
            assertUnsafe(bytes("{\"module\":\"builtins\",\"class_name\":\"function\",\"config\":\"eval\"}"), "eval");
        }

        /** CVE-2025-12058. */
        @Test
        void withWordsOfAnotherFileIsUnsafe() throws IOException {
            String layer = "{\"class_name\":\"StringLookup\",\"config\":{\"vocabulary\":\"%s\"}}";
            for (String file : List.of("/etc/passwd", "../x", "http://a/b")) {
                assertUnsafe(bytes(layer.formatted(file)), "its Keras layer reads words from '" + file);
            }
            assertFine(bytes(layer.formatted("words.txt")), "json");
            assertFine(bytes("{\"vocabulary\":\"https://schema.example/terms\"}"), "json");
        }

        @Test
        void withLayersOfItsOwnIsFine() throws IOException {
            assertFine(
                    bytes("{\"module\":\"keras.layers\",\"class_name\":\"Dense\",\"config\":{\"units\":NaN}}"), "json");
        }
    }

    @Nested
    class Graphs {

        private byte[] onnx(byte[]... graph) {
            return concat(number(1, 8), field(2, "test"), field(7, graph), field(8, number(2, 17)));
        }

        @Test
        void ofOnnxAreFine() throws IOException {
            byte[] node = field(1, field(1, "x"), field(4, "MatMul"));
            byte[] tensor = field(5, field(8, "w"), field(13, field(1, "location"), field(2, "w/weights.bin")));
            assertFine(onnx(node, tensor), "onnx");
        }

        @ParameterizedTest
        @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "C:\\x", "a\\..\\b"})
        void thatReadNumbersOutsideOfTheirFolderAreUnsafe(String path) throws IOException {
            byte[] tensor = field(5, field(13, field(1, "location"), field(2, path)));
            assertUnsafe(onnx(tensor), "outside of the model's folder");
        }

        @Test
        void thatDoSoInAnInnerGraphAreUnsafe() throws IOException {
            byte[] tensor = field(5, field(13, field(1, "location"), field(2, "../x")));
            assertUnsafe(onnx(field(1, field(4, "If"), field(5, field(6, tensor)))), "outside");
        }

        /** CVE-2026-34445. */
        @Test
        void thatDescribeNumbersByAnUnknownMemberAreUnsafe() throws IOException {
            byte[] tensor = field(5, field(13, field(1, "__class__"), field(2, "x")));
            assertUnsafe(onnx(tensor), "by the unknown member '__class__'");
            assertFine(onnx(field(5, field(13, field(1, "prepacked_0"), field(2, "1;2;x")))), "onnx");
        }

        @Test
        void areNotTheWordsOfSentencePiece() throws IOException {
            byte[] words = concat(field(1, field(1, "a")), field(1, field(1, "b")));
            assertFine(concat(words, field(2, field(1, "corpus.txt")), field(3, "nmt")), "other");
        }

        /** The layers of old Caffe models are field 2 behind a name, as are the graphs of TensorFlow's checkpoints. */
        @Test
        void ofCaffeAreFine() throws IOException {
            byte[] layer = field(2, concat(field(2, "data"), field(3, "conv1"), field(4, "conv1")));
            assertThat(scan(concat(field(1, "VGG16"), layer, layer)).issues()).isEmpty();
        }

        @Test
        void ofTensorFlowThatCallPythonOrWriteFilesAreUnsafe() throws IOException {
            for (String operation : new String[] {"PyFunc", "WriteFile"}) {
                byte[] graph = field(1, field(1, "n"), field(2, operation));
                assertUnsafe(concat(number(1, 1), field(2, field(2, graph))), operation);
                assertUnsafe(graph, operation);
                assertUnsafe(concat(field(1, field(4, "serve")), field(2, graph)), operation); // model.ckpt.meta
                assertThat(Samples.scan(field(2, graph), "model.ckpt.meta").issues())
                        .anyMatch(issue -> issue.what().contains(operation));
                byte[] function = field(2, field(1, field(3, field(2, operation))));
                assertUnsafe(concat(number(1, 1), field(2, field(2, function))), operation);
            }
        }
    }

    @Nested
    class TorchScript {

        private static byte[] archive(String entry, String content) {
            return Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants.pkl", HARMLESS, entry, bytes(content)));
        }

        @Test
        void thatComputesIsFine() throws IOException {
            assertFine(archive("m/code/__torch__.py", """
                class M(Module):
                  weight : __torch__.torch.classes.quantized.LinearPackedParamsBase
                  def forward(self: __torch__.M, x: Tensor) -> Tensor:
                    _0 = "torch is here, and 'ops' too" # torch's
                    _1 = ops.prim.data(torch.add(x, 1))
                    return ops.quantized.linear(_1, self.weight, 1., 0)
                """), "torchscript");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "torch.save(x, '/etc/cron.d/x')",
                    "torch . save(x, 'a')",
                    "_0 = torch.from_file('/etc/passwd', False, 9)",
                    "ops.aten.save(x, 'a')",
                    "# it's\n torch.save(x, 'a') # '",
                    "_0 = 'a\nb'; torch.save(x, 'a')",
                    "_0 = torch; _0.save(x, 'a')",
                    "_0 = ops.aten; _0.save(x, 'a')",
                    "torch.\\\nsave(x, 'a')",
                    "ops.image.write_file('a', x)",
                    "_0 = __torch__.torch.classes.dist_c10d.TCPStore('h', 1)",
                    "_0 = rpc_async('worker', 'f')"
                })
        void thatDoesMoreIsUnsafe(String statement) throws IOException {
            String source = "def f(x: Tensor):\n  " + statement + "\n";
            assertUnsafe(archive("m/code/__torch__.py", source), "in m/code/__torch__.py: its program");
            assertUnsafe(archive("m/CODE/a/b.Py", source), "its program");
        }

        @Test
        void thatIsCompiledForMobilesIsJudgedByTheNamesOfItsOperations() throws IOException {
            String pickle = "\u0080\2(X\11\0\0\0aten::addX\12\0\0\0aten::savet.";
            assertUnsafe(archive("m/bytecode.pkl", pickle), "its program reads or writes files by torch.save");
        }

        @Test
        void codeOfARepositoryIsNoProgramOfAModel() throws IOException {
            byte[] archive = Samples.zip(Map.of("m/code/train.py", bytes("import torch\ntorch.save(1, 'a')\n")));
            assertFine(archive, "zip");
        }
    }

    @Nested
    class Texts {

        @Test
        void thatMakePythonObjectsAreUnsafe() throws IOException {
            assertUnsafe(bytes("a: 1\nb: !!python/object/apply:os.system ['x']\n"), "Python objects");
            assertUnsafe(bytes("- !<tag:yaml.org,2002:python/name:os.system>\n"), "Python objects");
            assertFine(bytes("# not !!python/object here\na: 1\n"), "text");
        }

        /** CVE-2025-54412 and CVE-2025-54413. */
        @Test
        void thatCallFunctionsBySkopsAreUnsafe() throws IOException {
            String node = "{\"__class__\":\"call\",\"__module__\":\"sk\",\"__loader__\":\"%s\"}";

            assertUnsafe(bytes(node.formatted("OperatorFuncNode")), "skops schema calls a function");
            assertUnsafe(bytes(node.formatted("MethodNode")), "skops schema calls a function");
            assertFine(bytes(node.formatted("ListNode")), "json");
        }

        /** CVE-2025-23304 and CVE-2026-22584. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "model:\n  _target_: os.system\n",
                    "{\"a\": [{\"_target_\": \"os.system\"}]}",
                    "{\"a\": {\"\\u005ftarget_\": \"os.system\"}}",
                    "a: {'_target_': 'os.system', command: x}",
                    "a: 1\n'_target_' : \"os.system\"\n"
                })
        void thatCallFunctionsByHydraAreUnsafe(String config) throws IOException {
            assertUnsafe(bytes(config), "its config would call os.system by Hydra");
            assertUnsafe(bytes(config.replace("os.system", "subprocess.Popen")), "subprocess.Popen");
            assertFine(
                    bytes(config.replace("os.system", "nemo.core.optim.Scheduler")),
                    scan(bytes(config)).format());
            assertThat(scan(bytes(config.replace("os.system", "my_project.Model")))
                            .issues())
                    .containsExactly(
                            new ScanIssue(Kind.REMOTE_CODE, "its config would make my_project.Model by Hydra"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "_target_: torch.utils.collect_env.subprocess.Popen",
                    "_target_: \"torch.nn.Linear\\x2eforward\"",
                    "? _target_ # a class\n: os.system"
                })
        void thatHideWhatHydraCallsAreUnsafe(String config) throws IOException {
            assertUnsafe(bytes(config), "by Hydra");
            assertUnsafe(bytes("? _target_" + " ".repeat(2000) + ": os.system"), "hides the value of _target_");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"_target_: null", "_target_: ???", "_target_:", "src_target_size: 4", "the _target_ key"})
        void withoutATargetOfHydraAreFine(String config) throws IOException {
            assertFine(bytes(config + "\n"), "text");
        }

        @Test
        void thatCallFunctionsByHydraAreFoundInSafetensors() throws IOException {
            String header = "{\"__metadata__\":{\"config\":\"{'_target_': 'os.system'}\"}}";
            assertUnsafe(Samples.safetensors(header, 0), "its config would call os.system by Hydra");
            assertFine(Samples.safetensors(header.replace("os.system", "torch.nn.Linear"), 0), "safetensors");
        }

        @Test
        void thatExplainHydraAreFine() throws IOException {
            assertThat(Samples.scan(bytes("_target_: os.system\n"), "README.md").issues())
                    .isEmpty();
        }

        @Test
        void thatAreTemplatesAreJudged() throws IOException {
            byte[] template = bytes("{{ lipsum.__globals__ }}");
            assertThat(Samples.scan(template, "chat_template.jinja").issues()).hasSize(1);
            assertUnsafe(bytes("{\"chat_template\": \"{{ lipsum() }}\"}"), "chat template");
        }
    }
}
