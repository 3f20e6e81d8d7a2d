package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Global;
import io.github.modelcache.scan.PickleValue.Plain;
import io.github.modelcache.scan.PickleValue.Row;
import io.github.modelcache.scan.PickleValue.Stored;
import io.github.modelcache.scan.PickleValue.Text;
import io.github.modelcache.scan.PickleValue.Whole;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

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

    /** How many arguments of a tensor say where it lies: its storage, the offset, the shape and the strides. */
    static final int VIEW_ITEMS = 4;

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

    private record Storage(long elements, int elementBytes) {
        /** At least so many; a type that is not known has one for each element. */
        long bytes() {
            int each = Math.max(1, elementBytes);
            return elements < 0 || elements > Long.MAX_VALUE / each ? Long.MAX_VALUE : elements * each;
        }
    }

    /**
     * Takes a persistent id: {@code ("storage", type, key, device, number of elements)}, and {@code None} behind them
     * before PyTorch 1.6.
     *
     * @return the storage, if its type is known
     */
    PickleValue add(Row id) {
        List<PickleValue> items = id.items();
        boolean old = items.size() == ID_ITEMS && items.get(5) == Plain.NONE;
        if ((old || items.size() == ID_ITEMS - 1)
                && items.get(0).equals(new Text("storage"))
                && items.get(1) instanceof Global type
                && items.get(4) instanceof Whole elements
                && byKey.size() < MOST) {
            int elementBytes = MODULES.contains(type.module()) ? ELEMENT_BYTES.getOrDefault(type.name(), 0) : 0;
            PickleValue stored = elementBytes > 0 ? new Stored(elements.value()) : Plain.VALUE;
            if (!(items.get(2) instanceof Text key)) {
                exact = false; // large checkpoints repeat keys that are not kept
                return stored;
            }
            Storage storage = new Storage(elements.value(), elementBytes);
            Storage known = byKey.getOrDefault(key.text(), storage);
            exact &= old && elementBytes > 0 && known.equals(storage);
            byKey.put(key.text(), known.bytes() < storage.bytes() ? storage : known);
            return stored;
        }
        exact = false;
        return Plain.VALUE;
    }

    /** The key of a storage that is longer than its place, of which the lengths in bytes are given by key. */
    Optional<String> tooLong(ToLongFunction<String> places) {
        return byKey.entrySet().stream()
                .filter(each -> each.getValue().bytes() > places.applyAsLong(each.getKey()))
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder());
    }

    /** Whether a tensor lies in its storage. Its values are the storage, the offset, the shape and the strides. */
    static boolean holds(List<PickleValue> tensor) {
        if (tensor.size() < VIEW_ITEMS || !(tensor.get(0) instanceof Stored storage)) {
            return true; // it is none, or comes from somewhere else
        }
        return tensor.get(1) instanceof Whole offset
                && tensor.get(2) instanceof Row shape
                && tensor.get(3) instanceof Row strides
                && shape.items().size() == strides.items().size()
                && end(offset.value(), shape.items(), strides.items()) <= storage.elements();
    }

    /** Where the last element ends; at the largest number if it cannot be told. */
    private static long end(long offset, List<PickleValue> shape, List<PickleValue> strides) {
        long last = offset;
        try {
            for (int i = 0; i < shape.size(); i++) {
                if (!(shape.get(i) instanceof Whole side && strides.get(i) instanceof Whole stride)
                        || side.value() < 0
                        || stride.value() < 0) {
                    return Long.MAX_VALUE;
                }
                if (side.value() == 0) {
                    return 0;
                }
                last = Math.addExact(last, Math.multiplyExact(side.value() - 1, stride.value()));
            }
            return offset < 0 ? Long.MAX_VALUE : Math.addExact(last, 1);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
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
