package io.github.modelcache.report;

import io.github.modelcache.units.TextSanitizer;

/** Builds a page. Text from outside never becomes markup. */
final class Html {

    private final StringBuilder out = new StringBuilder(64 * 1024);

    /** Adds markup of this package. */
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Adds text; control and direction characters are replaced, markup is escaped. */
    Html text(String foreign) {
        out.append(escaped(foreign));
        return this;
    }

    /** Adds an element with text. */
    Html element(String tag, String foreign) {
        return raw("<" + tag + ">").text(foreign).raw("</" + tag + ">");
    }

    /** Adds a number, for SVG with one decimal. */
    Html number(double value) {
        long tenths = Math.round(value * 10);
        out.append(tenths / 10);
        if (tenths % 10 != 0) {
            out.append('.').append(Math.abs(tenths % 10));
        }
        return this;
    }

    static String escaped(String foreign) {
        String text = TextSanitizer.text(foreign);
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
