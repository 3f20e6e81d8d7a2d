package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Global;
import io.github.modelcache.scan.PickleValue.Plain;
import io.github.modelcache.scan.PickleValue.Row;
import io.github.modelcache.scan.PickleValue.Text;
import io.github.modelcache.scan.PickleValue.Whole;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The storages of a file of PyTorch before 1.6: raw numbers behind its five pickles. The fourth pickle names each storage
 * with its type and length, the fifth their order. The loader reads each by its length and takes none of it for a pickle.
 *
 * @see <a href="https://github.com/pytorch/pytorch/blob/main/torch/serialization.py">torch.serialization,
 *     {@code _legacy_load}</a>
 */
final class TorchStorages {
    /** How many pickles lie before the storages. */
    static final int PICKLES = 5;

    /** The length of a persistent id. */
    static final int ID_ITEMS = 6;

    /** The first two of them: a magic number, and 1001. */
    private static final String START = "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\2M\u00e9\3.";

    private static final Map<String, Integer> ELEMENT_BYTES = Map.ofEntries(
            Map.entry("ByteStorage", 1),
            Map.entry("CharStorage", 1),
            Map.entry("BoolStorage", 1),
            Map.entry("QInt8Storage", 1),
            Map.entry("QUInt8Storage", 1),
            Map.entry("ShortStorage", 2),
            Map.entry("HalfStorage", 2),
            Map.entry("BFloat16Storage", 2),
            Map.entry("IntStorage", 4),
            Map.entry("FloatStorage", 4),
            Map.entry("QInt32Storage", 4),
            Map.entry("LongStorage", 8),
            Map.entry("DoubleStorage", 8),
            Map.entry("ComplexFloatStorage", 8),
            Map.entry("ComplexDoubleStorage", 16));
    private static final Set<String> MODULES = Set.of("torch", "torch.cuda");
    private static final int LONGEST_KEY = 128;
    private static final int MOST = 100_000;

    private final Map<String, Storage> byKey = new HashMap<>();
    private boolean exact = true;

    private record Storage(long elements, int elementBytes) {}

    /** Takes a persistent id: {@code ("storage", type, key, device, number of elements, None)}. */
    void add(Row id) {
        List<PickleValue> items = id.items();
        if (items.size() == ID_ITEMS
                && items.get(0).equals(new Text("storage"))
                && items.get(1) instanceof Global type
                && MODULES.contains(type.module())
                && items.get(2) instanceof Text key
                && items.get(4) instanceof Whole elements
                && items.get(5) == Plain.NONE
                && byKey.size() < MOST) {
            int elementBytes = ELEMENT_BYTES.getOrDefault(type.name(), 0);
            Storage storage = new Storage(elements.value(), elementBytes);
            Storage other = byKey.putIfAbsent(key.text(), storage);
            exact &= elementBytes > 0 && (other == null || other.equals(storage));
        } else {
            exact = false;
        }
    }

    /**
     * Steps over the storages that a loader would read.
     *
     * @param group where the five pickles begin
     * @param keys where the fifth begins
     * @param start where the fifth ends
     * @return where the last storage ends; the start if anything is not as PyTorch writes it
     */
    long end(Content content, long group, long keys, long start) throws IOException {
        if (!exact || !Format.starts(content.part(group, START.length()).head(START.length()), START)) {
            return start;
        }
        try (ByteReader numbers = content.reader(start, Long.BYTES)) {
            for (String key : keys(content.part(keys, start - keys))) {
                Storage storage = byKey.get(key);
                long elements = numbers.le(Long.BYTES);
                if (storage == null || elements != storage.elements() || elements > content.size()) {
                    return start;
                }
                numbers.skip(elements * storage.elementBytes());
            }
            return Math.min(numbers.position(), content.size());
        } catch (EOFException | DamagedException e) {
            return start;
        }
    }

    /** The texts of a pickle that is a list of them, in the few opcodes that protocol 2 has for it. */
    private static List<String> keys(Content pickle) throws IOException {
        List<String> keys = new ArrayList<>();
        try (ByteReader in = pickle.reader(0)) {
            in.skip(2); // the protocol
            char before = (char) in.u8(); // the last opcode but those that put something aside
            require(before == ']');
            for (char opcode = (char) in.u8(); before != ']' || opcode != '.'; opcode = (char) in.u8()) {
                switch (opcode) {
                    case 'q' -> in.skip(1);
                    case 'r' -> in.skip(4);
                    case '(' -> {
                        require(before == ']');
                        before = '(';
                    }
                    case 'X' -> {
                        require(before != 'X' && keys.size() < MOST);
                        keys.add(key(in));
                        before = before == '(' ? '(' : 'X';
                    }
                    case 'a', 'e' -> {
                        require(before == (opcode == 'a' ? 'X' : '('));
                        before = ']';
                    }
                    default -> require(false);
                }
            }
            require(in.position() == pickle.size());
        }
        return keys;
    }

    private static String key(ByteReader in) throws IOException {
        long length = in.le(4);
        require(length <= LONGEST_KEY);
        return new String(in.bytes((int) length), StandardCharsets.UTF_8);
    }

    private static void require(boolean condition) throws DamagedException {
        if (!condition) {
            throw new DamagedException("its list of storages is not as PyTorch writes it");
        }
    }
}
