package io.github.modelcache.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A library that looks for models by its own names, in a folder of its own. */
public enum LibraryLayout {
    JLAMA("jlama"),
    DJL("djl"),
    SPRING_AI("spring-ai"),
    OPENNLP("opennlp"),
    DL4J("dl4j");

    private final String value;

    LibraryLayout(String value) {
        this.value = value;
    }

    /** The layout of this name in the config. */
    public static Optional<LibraryLayout> of(String value) {
        return Arrays.stream(values())
                .filter(layout -> layout.value.equals(value))
                .findFirst();
    }

    /** All names, for messages. */
    public static String names() {
        return Arrays.stream(values()).map(layout -> "\"" + layout.value + "\"").collect(Collectors.joining(", "));
    }

    /** Its name in the config, and that of its folder. */
    public String value() {
        return value;
    }

    /** The kinds of models that the library can look for. */
    public List<String> schemes() {
        return switch (this) {
            case JLAMA -> List.of("hf");
            case DJL, SPRING_AI, DL4J -> List.of("url");
            case OPENNLP -> List.of("url", "maven");
        };
    }
}
