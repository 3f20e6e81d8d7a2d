package io.github.modelcache.discover.code;

/**
 * A part of a file's tokens.
 *
 * @param start index of the first token
 * @param end index behind the last token
 */
public record Range(int start, int end) {

    boolean isEmpty() {
        return start >= end;
    }

    boolean contains(int index) {
        return start <= index && index < end;
    }
}
