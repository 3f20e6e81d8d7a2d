package io.github.modelcache.scan;

import io.github.modelcache.scan.PickleValue.Made;
import io.github.modelcache.scan.PickleValue.Members;
import io.github.modelcache.scan.PickleValue.Row;
import io.github.modelcache.scan.PickleValue.Text;
import io.github.modelcache.scan.PickleValue.Whole;
import java.util.Map;

/**
 * What joblib writes before the bytes of an array.
 *
 * @param type as NumPy spells it, such as {@code f8}
 * @param shape the length of each side
 * @param aligned whether padding comes first, behind a byte that tells its length
 */
record ArrayDescription(String type, Row shape, boolean aligned) {

    /** The types of numbers and texts. */
    static final String NUMBERS = "[|<>=]?[?bBhHiIlLqQefdgFDGScUmM]\\d*(\\[\\w+])?";

    static ArrayDescription of(Members description) throws PickleException {
        Map<String, PickleValue> values = description.values();
        if (!(values.get("dtype") instanceof Made dtype
                && dtype.arguments() instanceof Row arguments
                && !arguments.items().isEmpty()
                && arguments.items().get(0) instanceof Text type
                && values.get("shape") instanceof Row shape)) {
            throw new PickleException.TooComplex("it has an array whose type cannot be followed");
        }
        return new ArrayDescription(type.text(), shape, values.get("numpy_array_alignment_bytes") instanceof Whole);
    }

    /** Whether its elements are objects, so that a pickle is in the place of its bytes. */
    boolean holdsObjects() {
        return type.startsWith("O") || type.startsWith("|O");
    }

    /** Whether NumPy may find objects in it, such as in a field. */
    boolean mayHoldObjects() {
        return !type.matches(NUMBERS);
    }

    long bytes() throws PickleException {
        String digits = type.replaceAll("\\D", "");
        if (digits.isEmpty() || digits.length() > 9) {
            throw new PickleException.TooComplex("it has an array of the type " + type);
        }
        long length = Long.parseLong(digits) * (type.contains("U") ? 4 : 1);
        try {
            for (PickleValue side : shape.items()) {
                if (!(side instanceof Whole number) || number.value() < 0) {
                    throw new PickleException.TooComplex("it has an array whose shape cannot be followed");
                }
                length = Math.multiplyExact(length, number.value());
            }
        } catch (ArithmeticException e) {
            throw new PickleException("it has an array larger than any file");
        }
        return length;
    }
}
