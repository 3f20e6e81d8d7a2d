package io.github.modelcache.it.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a Llama of one layer as GGUF.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF</a>
 */
@SuppressWarnings("ByteBufferBackingArray") // little() allocates each of them
final class GgufModel {

    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int WIDTH = 64;
    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int keys;

    private GgufModel() {}

    static byte[] llama() {
        List<String> words = Stream.concat(
                        Stream.concat(
                                Stream.of("<unk>", "<s>", "</s>"),
                                IntStream.range(0, 256).mapToObj("<0x%02X>"::formatted)),
                        Stream.of("\u2581", "a", "b"))
                .toList();
        GgufModel keys = new GgufModel();
        keys.text("general.architecture", "llama");
        keys.number("llama.context_length", 64);
        keys.number("llama.embedding_length", WIDTH);
        keys.number("llama.block_count", 1);
        keys.number("llama.feed_forward_length", WIDTH);
        keys.number("llama.attention.head_count", 2);
        keys.number("llama.rope.dimension_count", WIDTH / 2);
        keys.key("llama.attention.layer_norm_rms_epsilon", FLOAT32).put(Float.floatToIntBits(1e-5f));
        keys.text("tokenizer.ggml.model", "llama");
        keys.array("tokenizer.ggml.tokens", STRING, words.size());
        words.forEach(keys::put);
        keys.array("tokenizer.ggml.scores", FLOAT32, words.size());
        words.forEach(word -> keys.put(Float.floatToIntBits(0)));
        keys.array("tokenizer.ggml.token_type", INT32, words.size());
        words.forEach(word -> keys.put(type(word)));
        keys.number("tokenizer.ggml.bos_token_id", 1);
        keys.number("tokenizer.ggml.eos_token_id", 2);
        return keys.file(tensors(words.size()));
    }

    private static int type(String word) {
        return word.startsWith("<0x") ? 6 : word.equals("<unk>") ? 2 : word.startsWith("<") ? 3 : 1;
    }

    private static Map<String, int[]> tensors(int vocabulary) {
        Map<String, int[]> tensors = new LinkedHashMap<>();
        tensors.put("token_embd.weight", new int[] {WIDTH, vocabulary});
        for (String matrix :
                new String[] {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"}) {
            tensors.put("blk.0." + matrix + ".weight", new int[] {WIDTH, WIDTH});
        }
        tensors.put("blk.0.attn_norm.weight", new int[] {WIDTH});
        tensors.put("blk.0.ffn_norm.weight", new int[] {WIDTH});
        tensors.put("output_norm.weight", new int[] {WIDTH});
        tensors.put("output.weight", new int[] {WIDTH, vocabulary});
        return tensors;
    }

    private byte[] file(Map<String, int[]> tensors) {
        GgufModel file = new GgufModel();
        file.bytes.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.put(3).putLong(tensors.size()).putLong(keys);
        file.bytes.writeBytes(bytes.toByteArray());
        long offset = 0;
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            file.put(tensor.getKey()).put(tensor.getValue().length);
            for (int size : tensor.getValue()) {
                file.putLong(size);
            }
            file.put(0).putLong(offset); // 0: 32 bits a number
            offset += bytes(tensor.getValue());
        }
        while (file.bytes.size() % ALIGNMENT != 0) {
            file.bytes.write(0);
        }
        file.bytes.writeBytes(new byte[Math.toIntExact(offset)]);
        return file.bytes.toByteArray();
    }

    /** All are multiples of the alignment. */
    private static long bytes(int... shape) {
        return IntStream.of(shape).asLongStream().reduce(4, (a, b) -> a * b);
    }

    private void text(String key, String value) {
        key(key, STRING).put(value);
    }

    private void number(String key, int value) {
        key(key, UINT32).put(value);
    }

    private void array(String key, int type, int size) {
        key(key, ARRAY).put(type).putLong(size);
    }

    private GgufModel key(String key, int type) {
        keys++;
        return put(key).put(type);
    }

    private GgufModel put(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putLong(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    private GgufModel put(int value) {
        bytes.writeBytes(JavaModels.little(4).putInt(value).array());
        return this;
    }

    private GgufModel putLong(long value) {
        ByteBuffer eight = JavaModels.little(8).putLong(value);
        bytes.writeBytes(eight.array());
        return this;
    }
}
