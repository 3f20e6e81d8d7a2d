package io.github.modelcache.it.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an ONNX model with the inputs and outputs of BERT: a row of a table for each token, and their mean.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>
 */
final class OnnxModel {

    private static final int WORDS = 30522;
    private static final int WIDTH = 4;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private OnnxModel() {}

    static byte[] bert() {
        OnnxModel table = new OnnxModel()
                .number(1, WORDS)
                .number(1, WIDTH)
                .number(2, FLOAT)
                .text(8, "table")
                .content(9, new byte[4 * WORDS * WIDTH]);
        OnnxModel rows = new OnnxModel()
                .text(1, "table")
                .text(1, "input_ids")
                .text(2, "output_0")
                .text(4, "Gather");
        OnnxModel axes = new OnnxModel().text(1, "axes").number(8, 1).number(20, 7);
        OnnxModel keep = new OnnxModel().text(1, "keepdims").number(3, 0).number(20, 2);
        OnnxModel mean = new OnnxModel()
                .text(1, "output_0")
                .text(2, "output_1")
                .text(4, "ReduceMean")
                .message(5, axes)
                .message(5, keep);
        OnnxModel graph = new OnnxModel()
                .message(1, rows)
                .message(1, mean)
                .text(2, "bert")
                .message(5, table);
        for (String input : new String[] {"input_ids", "attention_mask", "token_type_ids"}) {
            graph.message(11, value(input, INT64, "batch", "length"));
        }
        graph.message(12, value("output_0", FLOAT, "batch", "length", WIDTH))
                .message(12, value("output_1", FLOAT, "batch", WIDTH));
        return new OnnxModel()
                .number(1, 8)
                .message(7, graph)
                .message(8, new OnnxModel().number(2, 13))
                .bytes
                .toByteArray();
    }

    private static OnnxModel value(String name, int type, Object... dimensions) {
        OnnxModel shape = new OnnxModel();
        for (Object dimension : dimensions) {
            shape.message(
                    1,
                    dimension instanceof Integer size
                            ? new OnnxModel().number(1, size)
                            : new OnnxModel().text(2, dimension.toString()));
        }
        OnnxModel tensor = new OnnxModel().number(1, type).message(2, shape);
        return new OnnxModel().text(1, name).message(2, new OnnxModel().message(1, tensor));
    }

    private OnnxModel number(int field, long value) {
        variable((long) field << 3);
        variable(value);
        return this;
    }

    private OnnxModel text(int field, String value) {
        return content(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private OnnxModel message(int field, OnnxModel value) {
        return content(field, value.bytes.toByteArray());
    }

    private OnnxModel content(int field, byte[] value) {
        variable((long) field << 3 | 2);
        variable(value.length);
        bytes.writeBytes(value);
        return this;
    }

    private void variable(long value) {
        long rest = value;
        for (; rest > 127; rest >>>= 7) {
            bytes.write((int) ((rest & 127) | 128));
        }
        bytes.write((int) rest);
    }
}
