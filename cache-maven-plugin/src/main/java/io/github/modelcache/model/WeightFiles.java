package io.github.modelcache.model;

import java.util.Locale;
import java.util.Set;

/** The names of files that hold weights. */
public final class WeightFiles {

    private static final Set<String> ENDINGS =
            Set.of("bin", "ckpt", "gguf", "h5", "msgpack", "npz", "onnx", "pt", "pth", "safetensors", "tflite", "th");

    private WeightFiles() {}

    /** Whether a file of this name holds weights. */
    public static boolean is(String fileName) {
        return ENDINGS.contains(
                fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
