package io.github.modelcache.scan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is known of a value on the stack of a pickle. Most are {@link Plain}: only names and calls matter. */
sealed interface PickleValue {

    /** About how many small values it holds, itself among them. */
    default int weight() {
        return 1;
    }

    /** A value whose content makes no difference. */
    enum Plain implements PickleValue {
        /** Any of them. */
        VALUE,
        /** None: a persistent id of PyTorch ends with it. */
        NONE
    }

    /** A short text: it may become the name of an import. */
    record Text(String text) implements PickleValue {}

    /** A whole number: it may become the length of an array. */
    record Whole(long value) implements PickleValue {}

    /** A byte string. */
    enum Bytes implements PickleValue {
        /** One that looks like a model, and was scanned. */
        SCANNED,
        /** A text that stands for such a string: protocol 2 writes each byte as a character. */
        SCANNED_TEXT,
        /** Any other. */
        PLAIN
    }

    /** An imported name, and what it may be used for. */
    record Global(String module, String name, AllowedNames.Use use) implements PickleValue {
        String dotted() {
            return module + "." + name;
        }

        boolean is(String otherModule, String otherName) {
            return module.equals(otherModule) && name.equals(otherName);
        }
    }

    /** Some values in a row; only short rows are kept. */
    record Row(List<PickleValue> items, int weight) implements PickleValue {}

    /** Members by name; only a few are kept. */
    record Members(Map<String, PickleValue> values) implements PickleValue {
        Members() {
            this(new LinkedHashMap<>());
        }

        @Override
        public int weight() {
            return 1 + values.values().stream().mapToInt(PickleValue::weight).sum();
        }
    }

    /** What an imported name made. */
    record Made(Global by, PickleValue arguments) implements PickleValue {
        @Override
        public int weight() {
            return 1 + arguments.weight();
        }
    }

    /** A storage of PyTorch, and how many numbers it has. */
    record Stored(long elements) implements PickleValue {}

    /** Something that was put aside so long ago that only its number is known. */
    record Forgotten(PickleMemo memo, int index) implements PickleValue {}
}
