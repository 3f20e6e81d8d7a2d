package io.github.modelcache.scan;

import static io.github.modelcache.scan.Samples.HARMLESS;
import static io.github.modelcache.scan.Samples.HOSTILE;
import static io.github.modelcache.scan.Samples.bytes;
import static io.github.modelcache.scan.Samples.concat;
import static io.github.modelcache.scan.Samples.le;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.scan.ScanIssue.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickleScanTest {

    private static List<String> unsafe(byte[] content) throws IOException {
        return Samples.scan(content, "model.bin").issues().stream()
                .filter(issue -> issue.kind() == Kind.UNSAFE)
                .map(ScanIssue::what)
                .toList();
    }

    @Nested
    class ACall {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "cos\nsystem\n(S'true'\ntR.", // GLOBAL and REDUCE of protocol 0
                    "\u0080\2cos\nsystem\nX\4\0\0\0true\u0085R.",
                    "(S'true'\nios\nsystem\n.", // INST
                    "(cos\nsystem\nS'true'\no.", // OBJ
                    "\u0080\2cos\nsystem\nX\4\0\0\0true\u0085\u0081.", // NEWOBJ
                    "\u0080\4\u008c\2os\u008c\6system\u0093\u008c\4true\u0085}\u0092.", // NEWOBJ_EX
                    "\u0080\4\u008c\2os\u0094\u008c\6system\u0094\u0093\u0094\u008c\4true\u0085R.", // memoized names
                    "\u0080\4\u008c\6systemq\5\u008c\2osq\t0h\5q\0h\th\0\u0093\u008c\4true\u0085R.", // put aside first
                    "\u0080\4V\\u006fs\nS'sys\\x74em'\n\u0093\u008c\4true\u0085R.", // escapes
                    "\u0080\4\u0095\0\0\0\0\0\0\0\0\u008c\2os\u008c\6system\u0093\u008c\4true\u0085R." // a wrong frame
                })
        void ofAForbiddenNameIsFound(String pickle) throws IOException {
            assertThat(unsafe(bytes(pickle))).containsExactly("it would call os.system");
        }

        @Test
        void isFoundInAPickleThatBreaksOffBehindIt() throws IOException {
            assertThat(unsafe(bytes("\u0080\4\u008c\2os\u008c\6system\u0093\u008c\4true\u0085R\u00ff")))
                    .contains("it would call os.system");
            assertThat(unsafe(bytes("cos\nsystem\n(S'true'\ntR!"))).contains("it would call os.system");
        }

        @Test
        void ofTheLanguageItselfIsFoundInAPickleThatBreaksOffBeforeIt() throws IOException {
            assertThat(unsafe(bytes("cbuiltins\nexec\n(X>\nf = open("))).contains("it would import builtins.exec");
            assertThat(unsafe(bytes("cat\ndog\n(Xylophone"))).isEmpty();
        }

        /** CPython's two unpicklers read on at different places: python/cpython#154848. */
        @Test
        void mayHideWhereAValueLiesAcrossTheEndOfAFrame() throws IOException {
            String frame = "\u0095\2\0\0\0\0\0\0\0";
            String hidden = "B\37\0\0\0" + "cos\nsystem\n(S'true'\ntR.".repeat(2);

            for (String start : List.of("\u0080\4N0", "N0")) {
                assertThat(unsafe(bytes(start + frame + hidden + ".")))
                        .containsExactly("it is a pickle that cannot be followed to its end:"
                                + " a value lies across the end of a frame");
                assertThat(unsafe(bytes(start + frame.replace('\2', '\11') + frame + "N.")))
                        .containsExactly(
                                "it is a pickle that cannot be followed to its end: a frame begins inside of another");
            }
            assertThat(unsafe(bytes("\u0080\4" + frame + "N0" + frame + "N."))).isEmpty();
        }

        @Test
        void isFoundBehindHarmlessPickles() throws IOException {
            assertThat(unsafe(concat(HARMLESS, HARMLESS, HOSTILE))).containsExactly("it would call os.system");
        }

        /** PyTorch's loader reads five pickles of any protocol in a row. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "I1\n.cos\nsystem\n(S'true'\ntR.",
                    "I1\n.I2\n.cos\nsystem\n(S'true'\ntR.",
                    "\u0080\4}.cos\nsystem\n(S'true'\ntR.",
                    "\u0080\4}.I1\n.\u0080\4\u008c\2os\u008c\6system\u0093\u008c\4true\u0085R.",
                    "L119547037146038801333356L\n.I1001\n.(dp0\n.cos\nsystem\n(S'true'\ntR."
                })
        void isFoundBehindPicklesOfAnyProtocol(String pickles) throws IOException {
            assertThat(unsafe(bytes(pickles))).containsExactly("it would call os.system");
        }

        @Test
        void isFoundAmongTheNumbersBehindAPickle() throws IOException {
            assertThat(unsafe(concat(HARMLESS, new byte[9000], HOSTILE, new byte[9000])))
                    .containsExactly("it would call os.system");
        }

        @Test
        void isFoundInAByteStringOfAPickle() throws IOException {
            byte[] outer = concat(bytes("\u0080\4B"), le(HOSTILE.length, 4), HOSTILE, bytes("."));

            assertThat(unsafe(outer)).containsExactly("in bytes at 7: it would call os.system");
        }

        @Test
        void isFoundWhereItsNameWasPutAsideLongBefore() throws IOException {
            byte[] pad = bytes("\u008c\1x\u00940".repeat(40_000));
            byte[] pickle = concat(
                    bytes("\u0080\4\u008c\6system\u00940\u008c\2os\u00940"),
                    pad,
                    bytes("h\1h\0\u0093\u008c\4true\u0085R."));

            assertThat(unsafe(pickle)).containsExactly("it would call os.system");
        }

        @Test
        void ofWhatAnotherCallReturnsIsFound() throws IOException {
            assertThat(unsafe(bytes("\u0080\2ccollections\nOrderedDict\n)R)R.")))
                    .containsExactly("it would call the result of another call");
        }

        @Test
        void ofAnExtensionIsFound() throws IOException {
            assertThat(unsafe(bytes("\u0080\2\u0082\7)R."))).containsExactly("it would call extension 7 of copyreg");
        }

        @Test
        void ofAClassThatMayOnlyBeMadeIsFound() throws IOException {
            assertThat(unsafe(bytes("\u0080\2csklearn.svm._classes\nSVC\n)\u0081}b.")))
                    .isEmpty();
            assertThat(unsafe(bytes("\u0080\2csklearn.svm._classes\nSVC\nK\1\u0085R.")))
                    .containsExactly("it would call sklearn.svm._classes.SVC");
        }
    }

    @Nested
    class ALoader {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "importlib import_module",
                    "marshal loads",
                    "io open",
                    "types FunctionType",
                    "pkgutil resolve_name",
                    "runpy run_path",
                    "pickle loads",
                    "dill loads",
                    "joblib load",
                    "torch load",
                    "numpy load",
                    "pandas read_pickle",
                    "operator attrgetter",
                    "functools partial",
                    "ctypes CDLL",
                    "codecs open",
                    "shelve open",
                    "builtins getattr"
                })
        void ofCodeOrOfOtherFilesIsFound(String name) throws IOException {
            String[] parts = name.split(" ", 2);
            assertThat(unsafe(bytes("\u0080\2c" + parts[0] + "\n" + parts[1] + "\nX\1\0\0\0x\u0085R.")))
                    .containsExactly("it would call " + parts[0] + "." + parts[1]);
        }
    }

    /** A lambda, {@code lambda: 1} of a module m, as libraries write it that keep the code of functions. */
    @Nested
    class AFunction {
        private static final String DILL =
                "gASV9AAAAAAAAACMCmRpbGwuX2RpbGyUjBBfY3JlYXRlX2Z1bmN0aW9ulJOUKGgAjAxfY3JlYXRlX2NvZGWUk5QoQwCUSwBLAEsASwBL"
                        + "AUsDQwaXAGQBUwCUTksBhpQpKYwEbS5weZSMCDxsYW1iZGE+lGgJSwFDBoAAiEGAAJRoBSkpdJRSlH2UjAhfX25hbWVf"
                        + "X5SMAW2Uc2gJTk50lFKUfZR9lIwPX19hbm5vdGF0aW9uc19flH2Uc4aUYmgNKGgOaA+MC19fcGFja2FnZV9flE6MDF9f"
                        + "YnVpbHRpbnNfX5RjYnVpbHRpbnMKX19kaWN0X18KjAFmlGgRdTAu";
        private static final String CLOUDPICKLE =
                "gAWVqwEAAAAAAACMF2Nsb3VkcGlja2xlLmNsb3VkcGlja2xllIwOX21ha2VfZnVuY3Rpb26Uk5QoaACMDV9idWlsdGluX3R5cGWUk5SM"
                        + "CENvZGVUeXBllIWUUpQoSwBLAEsASwBLAUsDQwaXAGQBUwCUTksBhpQpKYwOPGR5bmFtaWMtY29kZT6UjAg8bGFtYmRh"
                        + "PpSMCDxsYW1iZGE+lEsBQwaAAIhBgACUQwCUKSl0lFKUfZQojAtfX3BhY2thZ2VfX5ROjAhfX25hbWVfX5SMAW2UdU5O"
                        + "TnSUUpRoAIwSX2Z1bmN0aW9uX3NldHN0YXRllJOUaBZ9lH2UKGgTjAg8bGFtYmRhPpSMDF9fcXVhbG5hbWVfX5SMCDxs"
                        + "YW1iZGE+lIwPX19hbm5vdGF0aW9uc19flH2UjA5fX2t3ZGVmYXVsdHNfX5ROjAxfX2RlZmF1bHRzX1+UTowKX19tb2R1"
                        + "bGVfX5RoFIwHX19kb2NfX5ROjAtfX2Nsb3N1cmVfX5ROjBdfY2xvdWRwaWNrbGVfc3VibW9kdWxlc5RdlIwLX19nbG9i"
                        + "YWxzX1+UfZR1hpSGUjAu";

        @Test
        void ofDillIsFound() throws IOException {
            assertThat(unsafe(Base64.getDecoder().decode(DILL)))
                    .contains("it would call dill._dill._create_function", "it would call dill._dill._create_code");
        }

        @Test
        void ofCloudpickleIsFound() throws IOException {
            assertThat(unsafe(Base64.getDecoder().decode(CLOUDPICKLE)))
                    .contains(
                            "it would call cloudpickle.cloudpickle._make_function",
                            "it would call cloudpickle.cloudpickle._function_setstate");
        }
    }

    @Nested
    class ATensorOfProtocol2 {

        /** Each byte is a character of a text, which a codec turns into bytes. */
        private static byte[] tensor(byte[] storage, String encoding) {
            byte[] text = new String(storage, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
            return concat(
                    bytes("\u0080\2ctorch.storage\n_load_from_bytes\nc_codecs\nencode\nX"),
                    le(text.length, 4),
                    text,
                    bytes("q\0X"),
                    le(encoding.length(), 4),
                    bytes(encoding + "\u0086R\u0085R."));
        }

        @Test
        void isFollowedIntoItsText() throws IOException {
            byte[] storage = concat(HARMLESS, new byte[200], bytes("\u00ff\u00e9\u0080"));

            assertThat(unsafe(tensor(storage, "latin1"))).isEmpty();
            assertThat(unsafe(tensor(concat(HARMLESS, HOSTILE, new byte[200]), "latin1")))
                    .containsExactly("in text at 55: it would call os.system");
        }

        @Test
        void isUnsafeIfItsTextIsNotOfBytes() throws IOException {
            assertThat(unsafe(tensor(concat(HARMLESS, new byte[200]), "utf-8")))
                    .containsExactly("it would call torch.storage._load_from_bytes with bytes that cannot be followed");
            assertThat(unsafe(tensor(bytes("no pickle ".repeat(20)), "latin1"))).isNotEmpty();
        }
    }

    @Nested
    class AnImport {

        @Test
        void aloneIsFound() throws IOException {
            assertThat(unsafe(bytes("\u0080\2cevil\nthing\n."))).containsExactly("it would import evil.thing");
        }

        @Test
        void ofSomethingInsideOfAnAllowedNameIsFound() throws IOException {
            assertThat(unsafe(bytes("\u0080\4\u008c\13collections\u008c\30OrderedDict.fromkeys.abc\u0093.")))
                    .hasSize(1);
        }

        @Test
        void thatCannotBeFollowedIsFound() throws IOException {
            byte[] pickle = concat(bytes("\u0080\4X"), le(200, 4), new byte[200], bytes("\u008c\6system\u0093."));

            assertThat(unsafe(pickle)).hasSize(1).first().asString().contains("cannot be followed");
        }

        @Test
        void ofATorchTensorIsNone() throws IOException {
            String pickle = "\u0080\2ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
                    + "X\1\0\0\0" + "0X\3\0\0\0cpuK\4tQK\0K\4\u0085K\1\u0085\u0089ccollections\nOrderedDict\n)RtR.";

            assertThat(unsafe(bytes(pickle))).isEmpty();
        }

        /** CVE-2026-24747: PyTorch's own unpickler wrote into memory behind it. */
        @Test
        void ofATensorWhoseItemsAreSetIsFound() throws IOException {
            String tensor = "\u0080\2ctorch._utils\n_rebuild_tensor_v2\n)RK\0K\1";

            assertThat(unsafe(bytes(tensor + "s.")))
                    .containsExactly("it would call torch._utils._rebuild_tensor_v2 and set an item of the tensor");
            assertThat(unsafe(bytes(tensor.replace("RK", "R(K") + "u."))).hasSize(1);
        }

        @Test
        void ofATensorThatWasPutAsideLongAgoIsFound() throws IOException {
            String tensor = "\u0080\4ctorch._utils\n_rebuild_tensor_v2\n)R\u00940";
            String pickle = tensor + "N\u00940".repeat(20_000) + "h\0K\0K\1s.";

            assertThat(unsafe(bytes(pickle)))
                    .containsExactly("it would call torch._utils._rebuild_tensor_v2 and set an item of the tensor");
        }

        @Test
        void thatIsChangedIsFound() throws IOException {
            assertThat(unsafe(bytes("\u0080\2ccollections\nOrderedDict\n}b.")))
                    .containsExactly("it would import a change of collections.OrderedDict");
        }
    }

    @Nested
    class AnArrayOfJoblib {

        private static String wrapper(String type) {
            return wrapper(type, "");
        }

        private static String wrapper(String type, String state) {
            return "\u0080\2cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\u0081}(X\5\0\0\0shapeK\2K\3\u0086"
                    + "X\5\0\0\0dtypecnumpy\ndtype\nX" + (char) type.length() + "\0\0\0" + type + "\u0085R" + state
                    + "ub";
        }

        @Test
        void isSkippedByItsLength() throws IOException {
            byte[] numbers = new byte[2 * 3 * 8];
            byte[] hostile = bytes("cos\nsystem\n)R.");

            assertThat(unsafe(concat(bytes(wrapper("f8")), numbers, bytes("."))))
                    .isEmpty();
            assertThat(unsafe(concat(bytes(wrapper("f8")), numbers, hostile)))
                    .containsExactly("it would call os.system");
        }

        /** scikit-learn before 0.23 had a joblib of its own. */
        @Test
        void ofOldScikitLearnIsSkippedToo() throws IOException {
            String old = wrapper("f8").replace("cjoblib", "csklearn.externals.joblib");

            assertThat(unsafe(concat(bytes(old), new byte[2 * 3 * 8], bytes("."))))
                    .isEmpty();
            assertThat(unsafe(bytes("\u0080\2csklearn.externals.joblib.numpy_pickle\nNDArrayWrapper\n)\u0081.")))
                    .containsExactly("it would call sklearn.externals.joblib.numpy_pickle.NDArrayWrapper");
        }

        @Test
        void ofObjectsIsFollowed() throws IOException {
            assertThat(unsafe(concat(bytes(wrapper("O8")), HOSTILE, bytes("."))))
                    .containsExactly("it would call os.system");
        }

        /** NumPy finds objects in it, and loads the pickle that lies where numbers seem to lie. */
        @Test
        void ofHiddenObjectsIsUnsafe() throws IOException {
            byte[] hidden = Arrays.copyOf(HOSTILE, 2 * 3 * 8);

            for (String type : List.of("=O8", "i1,O7", "V8")) {
                assertThat(unsafe(concat(bytes(wrapper(type)), hidden, bytes("."))))
                        .contains("it is a pickle that cannot be followed to its end:"
                                + " it has a pickle in the place of an array of the type " + type);
            }
            String flags = "(K\3X\1\0\0\0|NNNK\10K\1K\33tb";
            assertThat(unsafe(concat(bytes(wrapper("f8", flags)), hidden, bytes("."))))
                    .contains("it would call numpy.dtype and give it objects");
        }

        @Test
        void ofFieldsIsSkipped() throws IOException {
            byte[] numbers = new byte[2 * 3 * 8];
            String state = "(K\3X\1\0\0\0|NNNK\10K\1K\20tb";

            assertThat(unsafe(concat(bytes(wrapper("V8", state)), numbers, bytes("."))))
                    .isEmpty();
            assertThat(unsafe(concat(bytes(wrapper("O8", "(K\3X\1\0\0\0|NNNK\10K\1K?tb")), HARMLESS, bytes("."))))
                    .isEmpty();
        }
    }

    @Nested
    class WhatIsNoPickle {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "cat\nfoo\nbar\n", "import os\nos.system('x')\n", "I am text.\n", "(in short)\nit is\ntext\n",
                    "\u0080\2\u0080\2\u0080\3\1\2\3", "", "x", "\u0080"
                })
        void isNoFinding(String content) throws IOException {
            assertThat(Samples.scan(bytes(content), "x.bin").issues()).isEmpty();
        }
    }

    @Nested
    class ADamagedPickle {

        @Test
        void isUnsafe() throws IOException {
            byte[] pickle = concat(bytes("\u0080\4]("), bytes("K\1".repeat(40)), bytes("\u00ff"));

            assertThat(unsafe(pickle)).hasSize(1).first().asString().contains("cannot be followed to its end");
        }
    }

    @Nested
    class AHugePickle {

        @Test
        void needsNoMemoryForItsValues() throws IOException {
            byte[] pickle =
                    concat(bytes("\u0080\4("), bytes("\u008c\1x\u0094K\1(".repeat(90_000)), bytes("cos\nsystem\n)R."));

            assertThat(unsafe(pickle)).containsExactly("it would call os.system");
        }

        @Test
        void deeperThanAnyOtherIsUnsafe() throws IOException {
            assertThat(unsafe(concat(bytes("\u0080\4"), bytes("(".repeat(200_000)))))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("deep");
        }
    }

    @Test
    void archivesOfTorchAreScannedByContent() throws IOException {
        byte[] archive = Samples.zip(Map.of("m/readme.txt", HOSTILE));

        assertThat(unsafe(archive)).containsExactly("in m/readme.txt: it would call os.system");
    }
}
