package io.github.modelcache.it.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes small models that are real to the libraries that load them: the formats are complete, the weights are random. */
@SuppressWarnings("ByteBufferBackingArray") // little() allocates each of them
final class JavaModels {

    private static final int WIDTH = 64;
    private static final int VOCABULARY = 32;

    private JavaModels() {}

    /** A TorchScript module that adds a number to itself; its pickles hold no call. */
    static byte[] torchScript(String name) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(name + "/data.pkl", latin("\u0080\u0002c__torch__\nTiny\n)\u0081}(X\b\0\0\0training\u0089ub."));
        files.put(name + "/code/__torch__.py", latin("""
                class Tiny(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.Tiny,
                    x: Tensor) -> Tensor:
                    return torch.add(x, x)
                """));
        files.put(name + "/constants.pkl", latin("\u0080\u0002)."));
        files.put(name + "/version", latin("3\n"));
        return stored(files);
    }

    /** A zip without compression. */
    static byte[] stored(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                CRC32 crc = new CRC32();
                crc.update(file.getValue());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(file.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** Zips a folder's files, each below {@code top}. */
    static void zip(Path folder, String top, Path target) throws IOException {
        try (OutputStream out = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(out);
                var files = Files.walk(folder)) {
            zip.setLevel(0); // weights hardly shrink
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(
                        new ZipEntry(top + folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, zip);
            }
        }
    }

    /** A Llama of one layer in the format safetensors, with its tokenizer. */
    static void llama(Path folder) throws IOException {
        write(folder.resolve("config.json"), """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %1$d, "hidden_act": "silu",
                 "intermediate_size": %1$d, "num_attention_heads": 2, "num_key_value_heads": 2, "num_hidden_layers": 1,
                 "rms_norm_eps": 1e-5, "vocab_size": %2$d, "max_position_embeddings": 64, "bos_token_id": 1,
                 "eos_token_id": 2, "rope_theta": 10000.0, "tie_word_embeddings": false}
                """.formatted(WIDTH, VOCABULARY));
        String words = IntStream.range(3, VOCABULARY)
                .mapToObj(i -> "\"" + Integer.toString(i + 7, 36) + "\": " + i)
                .collect(Collectors.joining(", "));
        write(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null, "decoder": null,
                 "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": false, "merges": [],
                           "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, %s}}}
                """.formatted(words));
        write(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
        write(folder.resolve("README.md"), "A stand-in\n");
        Map<String, int[]> tensors = new LinkedHashMap<>();
        tensors.put("model.embed_tokens.weight", new int[] {VOCABULARY, WIDTH});
        String layer = "model.layers.0.";
        for (String matrix : new String[] {"q_proj", "k_proj", "v_proj", "o_proj"}) {
            tensors.put(layer + "self_attn." + matrix + ".weight", new int[] {WIDTH, WIDTH});
        }
        for (String matrix : new String[] {"gate_proj", "up_proj", "down_proj"}) {
            tensors.put(layer + "mlp." + matrix + ".weight", new int[] {WIDTH, WIDTH});
        }
        tensors.put(layer + "input_layernorm.weight", new int[] {WIDTH});
        tensors.put(layer + "post_attention_layernorm.weight", new int[] {WIDTH});
        tensors.put("model.norm.weight", new int[] {WIDTH});
        tensors.put("lm_head.weight", new int[] {VOCABULARY, WIDTH});
        Files.write(folder.resolve("model.safetensors"), safetensors(tensors));
    }

    private static byte[] safetensors(Map<String, int[]> tensors) throws IOException {
        StringBuilder head = new StringBuilder("{");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            int start = data.size();
            data.write(random(tensor.getValue()));
            String shape =
                    IntStream.of(tensor.getValue()).mapToObj(String::valueOf).collect(Collectors.joining(","));
            head.append(head.length() == 1 ? "" : ",")
                    .append("\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                            .formatted(tensor.getKey(), shape, start, data.size()));
        }
        byte[] text = (head + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = little(8 + text.length + data.size());
        return file.putLong(text.length).put(text).put(data.toByteArray()).array();
    }

    private static byte[] random(int... shape) {
        int count = IntStream.of(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer values = little(4 * count);
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            values.putFloat((float) random.nextGaussian() * 0.02f);
        }
        return values.array();
    }

    /**
     * A Whisper without weights.
     *
     * @see <a href="https://github.com/ggml-org/whisper.cpp">whisper.cpp, {@code whisper_model_load}: a file without tensors
     *     is an empty model for tests</a>
     */
    static byte[] whisper() {
        int mels = 80;
        int bins = 201;
        ByteBuffer file = little(4 + 11 * 4 + 2 * 4 + mels * bins * 4 + 4 + 5);
        file.putInt(0x67676d6c);
        for (int value : new int[] {51864, 1500, 384, 6, 4, 448, 384, 6, 4, mels, 1, mels, bins}) {
            file.putInt(value);
        }
        file.position(file.position() + mels * bins * 4);
        return file.putInt(1).putInt(1).put((byte) 'a').array();
    }

    /** An ONNX model whose matrix lies in a file beside it. */
    static void external(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        String model =
                "CAk6jgEKEQoBWAoBVxIBWSIGTWF0TXVsEgFnKkoIgAQIgAQQAUIBV2obCghsb2NhdGlvbhIPbW9kZWwub25ueF9kYXRhagsKBm9m"
                        + "ZnNldBIBMGoRCgZsZW5ndGgSBzEwNDg1NzZwAVoUCgFYEg8KDQgBEgkKAggBCgMIgARiFAoBWRIPCg0IARIJCgIIAQoDCIAEQgQK"
                        + "ABAR";
        Files.write(folder.resolve("onnx/model.onnx"), Base64.getDecoder().decode(model));
        Files.write(folder.resolve("onnx/model.onnx_data"), random(512, 512));
    }

    static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes a file and its folder. */
    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Copies a resource of the class path. */
    static void copy(String resource, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream in = JavaModels.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("There is no resource " + resource);
            }
            Files.copy(in, file);
        }
    }
}
