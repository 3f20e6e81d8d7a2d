package io.github.modelcache.config;

/** The defaults of the config. */
final class ConfigDefaults {
    static final String VERSION = "1.0.0";
    static final String BASE_DIR = ".cache";
    static final String TORCH = "torch";
    static final String HUGGINGFACE = "huggingface";
    static final String MLX = "mlx";
    static final long EXPIRY_DAYS = 90;
    static final long LONGEST_EXPIRY_DAYS = 36_500;
    static final String WARN_SIZE = "20GB";
    static final String MAX_SIZE = "40GB";
    static final String ENVIRONMENTS_FOLDER = "venv/";

    private ConfigDefaults() {}
}
