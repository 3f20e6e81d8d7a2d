package io.github.modelcache.scan;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The header of a safetensors file: the tensors fill the rest exactly, without gaps and without overlaps.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, format</a>
 */
final class SafetensorsScan {
    private static final int LENGTH_BYTES = 8;
    private static final int LONGEST_TEXT = 16 << 20;
    private static final int MOST_TENSORS = 1_000_000;
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("BOOL", 8),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F32", 32),
            Map.entry("C64", 64),
            Map.entry("F64", 64),
            Map.entry("I64", 64),
            Map.entry("U64", 64));

    private final Content content;
    private final String where;
    private final Inspection inspection;
    private long[] ranges = new long[256];
    private int count;

    SafetensorsScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    void scan() throws IOException {
        long length = content.reader(0, LENGTH_BYTES).le(LENGTH_BYTES);
        try (InputStream in = content.part(LENGTH_BYTES, length).open(0);
                JsonParser parser = JsonScan.parser(in, LONGEST_TEXT)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "its header is no JSON object");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("__metadata__")) {
                    metadata(parser);
                } else {
                    tensor(parser, name);
                }
            }
            expect(parser.nextToken() == null, "more follows its header");
        } catch (JacksonException e) {
            throw new DamagedException("its header is no JSON: " + e.getOriginalMessage());
        }
        requireFilled(content.size() - LENGTH_BYTES - length);
    }

    /** Texts; some libraries keep their config in one. */
    private void metadata(JsonParser parser) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING) {
                HydraRules.checkText(parser.getString(), where, inspection);
            }
        } while (depth > 0 && parser.nextToken() != null);
    }

    private void tensor(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken() == JsonToken.START_OBJECT, "the tensor '" + name + "' is no object");
        String type = "";
        long elements = 1;
        long[] range = {-1, -1};
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (member) {
                case "dtype" -> type = String.valueOf(parser.getString());
                case "shape" -> elements = product(parser, name);
                case "data_offsets" -> range = range(parser, name);
                default -> {
                    if (value.isStructStart()) {
                        parser.skipChildren();
                    }
                }
            }
        }
        expect(0 <= range[0] && range[0] <= range[1], "the tensor '" + name + "' has no place");
        Integer bits = BITS.get(type);
        boolean fits =
                bits == null || (elements <= Long.MAX_VALUE / bits && (elements * bits + 7) / 8 == range[1] - range[0]);
        expect(
                fits,
                "the tensor '" + name + "' has " + (range[1] - range[0]) + " bytes, which its shape does not need");
        add(range);
    }

    private static long product(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken() == JsonToken.START_ARRAY, "the tensor '" + name + "' has no shape");
        long product = 1;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, "the tensor '" + name + "' has no shape");
            try {
                product = Math.multiplyExact(product, parser.getLongValue());
            } catch (ArithmeticException e) {
                throw new DamagedException("the tensor '" + name + "' has a shape that is out of range");
            }
            expect(product >= 0, "the tensor '" + name + "' has a negative shape");
        }
        return product;
    }

    private static long[] range(JsonParser parser, String name) throws IOException {
        long[] range = new long[2];
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            expect(
                    i < 2 && parser.currentToken() == JsonToken.VALUE_NUMBER_INT,
                    "the tensor '" + name + "' has no place");
            range[i] = parser.getLongValue();
        }
        return range;
    }

    private void add(long[] range) throws DamagedException {
        expect(count < MOST_TENSORS, "it has more than " + MOST_TENSORS + " tensors");
        if (2 * count == ranges.length) {
            ranges = Arrays.copyOf(ranges, ranges.length * 2);
        }
        ranges[2 * count] = range[0];
        ranges[2 * count + 1] = range[1];
        count++;
    }

    private void requireFilled(long size) throws DamagedException {
        long[] starts = new long[count];
        long[] ends = new long[count];
        for (int i = 0; i < count; i++) {
            starts[i] = ranges[2 * i];
            ends[i] = ranges[2 * i + 1];
        }
        // Sorted apart: if each start is the end before it, the pairs fit as well.
        Arrays.sort(starts);
        Arrays.sort(ends);
        for (int i = 0; i < count; i++) {
            long expected = i == 0 ? 0 : ends[i - 1];
            expect(starts[i] >= expected, "two tensors overlap");
            expect(starts[i] == expected, "there are bytes between its tensors that belong to none");
        }
        long end = count == 0 ? 0 : ends[count - 1];
        expect(end == size, "its tensors have " + end + " bytes, and the file has " + size);
    }

    private static void expect(boolean condition, String problem) throws DamagedException {
        if (!condition) {
            throw new DamagedException(problem);
        }
    }
}
