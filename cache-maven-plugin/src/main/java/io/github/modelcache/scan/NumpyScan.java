package io.github.modelcache.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * An array of NumPy: raw numbers, or a pickle where the elements are objects.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
final class NumpyScan {
    private static final int LONGEST_HEADER = 1 << 20;

    /** A header of numbers as NumPy writes it. There are many ways to spell a type with objects. */
    private static final Pattern NUMBERS = Pattern.compile("\\s*\\{\\s*'descr':\\s*'" + ArrayDescription.NUMBERS
            + "'\\s*,\\s*'fortran_order':\\s*(True|False)\\s*,\\s*'shape':\\s*\\([\\d, L]*\\)\\s*,?\\s*}\\s*");

    private static final Pattern OBJECTS = Pattern.compile("['\"][|<>=]?O\\d*['\"]");

    private final Content content;
    private final String where;
    private final Inspection inspection;

    NumpyScan(Content content, String where, Inspection inspection) {
        this.content = content;
        this.where = where;
        this.inspection = inspection;
    }

    void scan() throws IOException {
        ByteReader in = content.reader(0);
        in.skip("?NUMPY".length());
        int major = in.u8();
        in.u8();
        long length = in.le(major == 1 ? 2 : 4);
        if (length > LONGEST_HEADER) {
            throw new DamagedException("its header has " + length + " bytes");
        }
        String header = new String(in.bytes((int) length), StandardCharsets.UTF_8);
        if (!header.stripLeading().startsWith("{")) {
            throw new DamagedException("its header is no dictionary");
        }
        if (!NUMBERS.matcher(header).matches()) {
            Content objects = content.part(in.position(), Long.MAX_VALUE);
            boolean pickle = new PickleScan(objects, where, inspection).scan();
            if (!pickle && OBJECTS.matcher(header).find()) {
                inspection.unsafe(where, "it is an array of objects that cannot be followed");
            }
        }
    }
}
