package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.HOSTILE;
import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.Samples.field;
import static io.github.modelcache.scan.Samples.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class FormatScanTest {

    private static final String CALL = "it would call os.system";

    private static ScanResult scan(byte[] content) throws IOException {
        return Samples.scan(content, "model.bin");
    }

    private static void assertUnsafe(byte[] content, String what) throws IOException {
        assertThat(scan(content).issues()).anySatisfy(issue -> {
            assertThat(issue.kind()).isEqualTo(Kind.UNSAFE);
            assertThat(issue.what()).contains(what);
        });
    }

    private static void assertUnreadable(byte[] content, String what) throws IOException {
        assertThat(scan(content).issues()).isNotEmpty().allSatisfy(issue -> {
            assertThat(issue.kind()).isEqualTo(Kind.UNREADABLE);
            assertThat(issue.what()).contains(what);
        });
    }

    private static void assertFine(byte[] content, String format) throws IOException {
        assertThat(scan(content)).isEqualTo(new ScanResult(format, List.of()));
    }

    private interface Packer {
        OutputStream on(OutputStream out) throws IOException;
    }

    private static byte[] packed(byte[] content, Packer packer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packer.on(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @Nested
    class Archives {

        @Test
        void areUnpackedWhateverTheyAre() throws IOException {
            assertUnsafe(packed(HOSTILE, GZIPOutputStream::new), CALL);
            assertUnsafe(packed(HOSTILE, DeflaterOutputStream::new), CALL);
            assertUnsafe(packed(HOSTILE, out -> new XZOutputStream(out, new LZMA2Options(1))), CALL);
            assertUnsafe(Samples.tar("weights", HOSTILE), "in weights: " + CALL);
            // printf '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.' | bzip2
            byte[] bzip2 = Base64.getDecoder().decode(BZIP2);
            assertUnsafe(bzip2, CALL);
        }

        @Test
        void areUnpackedInEachOther() throws IOException {
            byte[] inner = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(packed(Samples.tar("m.zip", inner), GZIPOutputStream::new), "in m.zip > data.pkl: " + CALL);
        }

        @Test
        void tooDeepAreUnsafe() throws IOException {
            byte[] content = {1, 2, 3, 4};
            for (int i = 0; i < 12; i++) {
                content = packed(content, GZIPOutputStream::new);
            }
            assertUnsafe(content, "more than 8 deep");
        }

        @Test
        void thatGrowWithoutMeasureAreUnsafe() throws IOException {
            byte[] once = packed(new byte[8 << 20], GZIPOutputStream::new);
            byte[] many = concat(once, once, once, once, once, once, once, once, once, once);

            assertUnsafe(
                    concat(many, many, many, many, many, many, many, many, many, many, many, many, many),
                    "more than a thousand times");
        }

        @Test
        void thatBreakOffAreLookedIntoUpToThere() throws IOException {
            byte[] packed = packed(concat(HOSTILE, new byte[100_000]), GZIPOutputStream::new);
            byte[] cut = Arrays.copyOf(packed, packed.length - 20);

            assertUnsafe(cut, CALL);
        }

        @Test
        void withTwoNamesForAnEntryAreUnsafe() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", new byte[] {1}));
            archive[30] = 'x';

            assertUnsafe(archive, "in two ways");
        }

        @Test
        void thatAreMarkedAsEncryptedAreLookedIntoAllTheSame() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));
            archive[6] |= 1;
            int central = new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
            archive[central + 8] |= 1;

            assertUnsafe(archive, CALL);
        }

        @Test
        void behindOtherContentAreFound() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(concat(new byte[5000], archive, new byte[10]), CALL);
        }

        @Test
        void behindACompressedContentAreFound() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(concat(packed(new byte[9], GZIPOutputStream::new), new byte[5000], archive), CALL);
        }

        @Test
        void ofTheOldestPyTorchAreUnsafe() throws IOException {
            byte[] all = new byte[0];
            for (String name : new String[] {"storages", "tensors", "pickle"}) {
                byte[] one = Samples.tar(name, HARMLESS);
                all = concat(all, Arrays.copyOf(one, one.length - 1024));
            }
            assertUnsafe(concat(all, new byte[1024]), "the format of PyTorch before 0.1.10");
            assertFine(Samples.tar("storages", HARMLESS), "tar");
        }

        @Test
        void ofPyTorchHaveNothingBehindTheirNumbersThatALibraryOpens() throws IOException {
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));
            byte[] hidden = concat(new byte[5000], archive);

            assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", hidden)), "torch");
            for (String start : new String[] {"\u001f\u008b", "#!", "(\u00b5/\u00fd"}) {
                byte[] numbers = concat(bytes(start), new byte[34]);
                assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", numbers)), "torch");
                assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants/0", numbers)), "torch");
            }
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", HOSTILE)), CALL);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/other/0", hidden)), CALL);
        }

        @Test
        void ofPyTorchHaveOnlyNumbersAsStorages() throws IOException {
            byte[] array = Samples.npy("|O", HOSTILE);
            byte[] program = concat(bytes("\u007fELF\2\1\1"), new byte[2000]);
            byte[] archive = Samples.zip(Map.of("data.pkl", HOSTILE));

            assertUnsafe(Samples.zip(Map.of("x/data.pkl", HARMLESS, "x/data/0", array)), CALL);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/aotinductor/evil.so", program)), "program");
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/x.pt", archive)), CALL);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/constants/1", archive)), CALL);
            byte[] packed = packed(HOSTILE, GZIPOutputStream::new);
            assertUnsafe(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/model.gz", packed)), CALL);
            byte[] integers = concat(Samples.le(9, 8), Samples.le('{', 8), new byte[80]);
            assertFine(Samples.zip(Map.of("m/data.pkl", HARMLESS, "m/data/0", integers)), "torch");
        }

        @Test
        void hideNothingBetweenTheirEntries() throws IOException {
            byte[] archive = Samples.zip(Map.of("a", new byte[] {1}));
            byte[] prefix = concat(bytes("PK\3\4"), new byte[60], HOSTILE, new byte[5000]);

            assertUnsafe(concat(prefix, archive), "zip archive that cannot be followed");
        }

        @Test
        void thatCannotBeUnpackedHereAreNotScannable() throws IOException {
            assertUnreadable(concat(bytes("7z\u00bc\u00af'\u001c"), new byte[100]), "7z");
            assertUnreadable(concat(bytes("(\u00b5/\u00fd"), new byte[100]), "zstd");
        }
    }

    private static final String BZIP2 =
            "QlpoOTFBWSZTWTV8HO4AAAlT4BUAAAEQAAICniBCBAgAIAAimjQZMyQoaaYADYJsyH5kvJg4DLS18XckU4UJA1fBzuA=";

    @Nested
    class Programs {

        @ParameterizedTest
        @ValueSource(strings = {"\u007fELF\2\1\1", "\u00cf\u00fa\u00ed\u00fe", "\u00ca\u00fe\u00ba\u00be\0\0\0\2"})
        void areUnsafe(String mark) throws IOException {
            assertUnsafe(concat(bytes(mark), new byte[2000]), "program");
        }

        @Test
        void ofWindowsAreUnsafe() throws IOException {
            byte[] program = new byte[400];
            System.arraycopy(bytes("MZ"), 0, program, 0, 2);
            program[60] = (byte) 0x80;
            System.arraycopy(bytes("PE\0\0"), 0, program, 0x80, 4);
            assertUnsafe(program, "program");
            assertUnsafe(concat(bytes("MZqFpD='\n"), new byte[2000]), "program");
        }

        @Test
        void inPythonAreUnsafe() throws IOException {
            assertUnsafe(concat(bytes("\u00a7\r\r\n\0\0\0\0"), new byte[50]), "compiled Python");
        }

        @Test
        void thatAreScriptsAreUnsafeUnderAnotherName() throws IOException {
            byte[] script = bytes("#!/bin/sh\necho\n");
            assertUnsafe(script, "script");
            assertThat(Samples.scan(script, "tools/convert.sh").issues()).isEmpty();
        }
    }

    @Nested
    class NumpyArrays {

        @Test
        void ofNumbersAreFine() throws IOException {
            assertFine(Samples.npy("<f8", new byte[8]), "numpy");
        }

        @Test
        void ofObjectsAreFollowed() throws IOException {
            assertUnsafe(Samples.npy("|O", HOSTILE), CALL);
            assertUnsafe(Samples.npy("|O", new byte[8]), "array of objects that cannot be followed");
        }
    }

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

        @Test
        void thatEndsEarlyIsUnsafe() throws IOException {
            byte[] whole = Samples.gguf("a", "b", 4, 16);
            for (int length = 5; length < whole.length - 16; length++) {
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

        @Test
        void ofTensorFlowThatCallPythonOrWriteFilesAreUnsafe() throws IOException {
            for (String operation : new String[] {"PyFunc", "WriteFile"}) {
                byte[] graph = field(1, field(1, "n"), field(2, operation));
                assertUnsafe(concat(number(1, 1), field(2, field(2, graph))), operation);
                assertUnsafe(graph, operation);
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

        @Test
        void thatAreTemplatesAreJudged() throws IOException {
            byte[] template = bytes("{{ lipsum.__globals__ }}");
            assertThat(Samples.scan(template, "chat_template.jinja").issues()).hasSize(1);
            assertUnsafe(bytes("{\"chat_template\": \"{{ lipsum() }}\"}"), "chat template");
        }
    }
}
