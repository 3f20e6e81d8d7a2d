package io.github.modelcache.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** UTF-8 input for a parser that does not detect encodings. */
public final class Utf8Input {

    private static final int[] BYTE_ORDER_MARK = {0xef, 0xbb, 0xbf};

    private Utf8Input() {}

    /** The input without its byte order mark. */
    public static InputStream withoutByteOrderMark(InputStream in) throws IOException {
        PushbackInputStream rest = new PushbackInputStream(in, BYTE_ORDER_MARK.length);
        byte[] start = rest.readNBytes(BYTE_ORDER_MARK.length);
        boolean mark = start.length == BYTE_ORDER_MARK.length;
        for (int i = 0; mark && i < start.length; i++) {
            mark = (start[i] & 0xff) == BYTE_ORDER_MARK[i];
        }
        if (!mark) {
            rest.unread(start);
        }
        return rest;
    }
}
