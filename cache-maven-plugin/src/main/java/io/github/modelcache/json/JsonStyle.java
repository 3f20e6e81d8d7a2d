package io.github.modelcache.json;

/**
 * How JSON is written.
 *
 * @param lineEnd {@code \n}, {@code \r\n} or {@code \r}
 * @param unit one step of indentation
 * @param colon between name and value
 * @param comma between items that share a line
 * @param padding inside the braces of an object on one line
 * @param ascii whether other characters are written as escapes
 */
record JsonStyle(String lineEnd, String unit, String colon, String comma, String padding, boolean ascii) {
    static final JsonStyle DEFAULT = new JsonStyle("\n", "  ", ": ", ", ", " ", false);
    static final JsonStyle COMPACT = new JsonStyle("\n", "", ":", ",", "", false);
}
