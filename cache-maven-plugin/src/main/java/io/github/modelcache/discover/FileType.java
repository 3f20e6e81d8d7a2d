package io.github.modelcache.discover;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of files that a search reads. */
enum FileType {
    /** Python. */
    PYTHON,
    /** Java, Kotlin, Scala and Groovy. */
    JAVA,
    /** Jupyter notebooks. */
    NOTEBOOK,
    /** YAML. */
    YAML,
    /** Lines such as {@code name=value}: properties, TOML, INI, {@code .env}. */
    ASSIGNMENTS,
    /** JSON. */
    JSON,
    /** XML. */
    XML,
    /** Shell commands. */
    SHELL;

    /** Long files that tools write. */
    private static final Set<String> GENERATED = Set.of(
            "package-lock.json",
            "composer.lock",
            "models.lock.json",
            "hardware_cache.json",
            "pnpm-lock.yaml",
            "pnpm-lock.yml");

    /** The type of a file by its name; empty if it is not read. */
    static Optional<FileType> of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (GENERATED.contains(name)) {
            return Optional.empty();
        }
        boolean shell = name.startsWith("dockerfile")
                || name.endsWith("dockerfile")
                || name.startsWith("containerfile")
                || name.equals("makefile")
                || (name.contains("requirements") && name.endsWith(".txt"));
        if (shell) {
            return Optional.of(SHELL);
        }
        if (name.startsWith(".env") || name.endsWith(".env")) {
            return Optional.of(ASSIGNMENTS);
        }
        return Optional.ofNullable(
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "py" -> PYTHON;
                    case "java", "kt", "kts", "scala", "groovy", "gradle", "jsh" -> JAVA;
                    case "ipynb" -> NOTEBOOK;
                    case "yml", "yaml" -> YAML;
                    case "properties", "toml", "ini", "cfg", "conf" -> ASSIGNMENTS;
                    case "json" -> JSON;
                    case "xml" -> XML;
                    case "sh", "bash", "zsh" -> SHELL;
                    default -> null;
                });
    }
}
