package io.github.modelcache.json;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The formatting of one document, which an edit imitates. */
final class JsonFormattingStyle {
    private final String text;
    private final JsonStyle style;

    JsonFormattingStyle(String text, JsonStyle style) {
        this.text = text;
        this.style = style;
    }

    /** The prevailing style of a whole document, for places without neighbours. */
    static JsonStyle survey(JsonDocument document) {
        JsonFormattingStyle house = new JsonFormattingStyle(document.text(), JsonStyle.DEFAULT);
        Survey survey = house.new Survey();
        house.visit(document.root(), survey);
        String colon = mostFrequent(survey.colons, JsonStyle.DEFAULT.colon());
        boolean tight = colon.equals(":");
        return new JsonStyle(
                house.firstLineEnd(),
                survey.unit == null ? JsonStyle.DEFAULT.unit() : survey.unit,
                colon,
                mostFrequent(survey.commas, tight ? "," : ", "),
                mostFrequent(survey.paddings, ""),
                house.writesEscapes());
    }

    JsonStyle ofDocument() {
        return style;
    }

    /** The text between two members of this object, with the comma; null if it has fewer than two. */
    @Nullable
    String separator(JsonObject object) {
        List<String> separators = new ArrayList<>();
        for (int i = 1; i < object.members().size(); i++) {
            separators.add(gapBefore(object, i));
        }
        return separators.isEmpty() ? null : mostFrequent(separators, ",");
    }

    /** The text between name and value in this object. */
    String colon(JsonObject object, String otherwise) {
        return mostFrequent(
                object.members().stream()
                        .map(this::colon)
                        .filter(colon -> !hasLineEnd(colon))
                        .toList(),
                otherwise);
    }

    /** The text before a member: from the brace or from the end of the member before it. */
    String gapBefore(JsonObject object, int index) {
        return gapBefore(text, object, index);
    }

    static String gapBefore(String text, JsonObject object, int index) {
        int from = index == 0
                ? object.span().start() + 1
                : object.members().get(index - 1).value().span().end();
        return text.substring(from, object.members().get(index).nameSpan().start());
    }

    /** Whether a value is spread over several lines; line ends inside strings cannot occur. */
    boolean spread(Json value) {
        return hasLineEnd(text.substring(value.span().start(), value.span().end()));
    }

    /** The white space that the line of this offset starts with. */
    String indentAt(int offset) {
        int start = offset;
        while (start > 0 && !isLineEnd(text.charAt(start - 1))) {
            start--;
        }
        if (start == 0 && !text.isEmpty() && text.charAt(0) == TextPosition.BYTE_ORDER_MARK) {
            start++;
        }
        return leadingBlanks(text.substring(start, offset));
    }

    static boolean hasLineEnd(String gap) {
        return gap.chars().anyMatch(c -> isLineEnd((char) c));
    }

    /** A line end and the indentation behind it, without blank lines before. */
    static String lastLine(String gap) {
        int start = Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r'));
        int from = start > 0 && gap.charAt(start) == '\n' && gap.charAt(start - 1) == '\r' ? start - 1 : start;
        return gap.substring(from);
    }

    /** The blanks behind the last line end. */
    static String lastIndent(String gap) {
        return leadingBlanks(gap.substring(Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r')) + 1));
    }

    private void visit(Json value, Survey survey) {
        if (value instanceof JsonObject object && !object.members().isEmpty()) {
            survey.colons.accept(colon(object, JsonStyle.DEFAULT.colon()));
            for (int i = 0; i < object.members().size(); i++) {
                survey.gap(object.span().start(), gapBefore(object, i), i, true);
                visit(object.members().get(i).value(), survey);
            }
        } else if (value instanceof JsonArray array) {
            int from = array.span().start() + 1;
            for (int i = 0; i < array.items().size(); i++) {
                Json item = array.items().get(i);
                survey.gap(
                        array.span().start(), text.substring(from, item.span().start()), i, false);
                visit(item, survey);
                from = item.span().end();
            }
        }
    }

    private String colon(JsonMember member) {
        return text.substring(member.nameSpan().end(), member.value().span().start());
    }

    private String firstLineEnd() {
        int feed = text.indexOf('\n');
        if (feed < 0) {
            return text.indexOf('\r') < 0 ? "\n" : "\r";
        }
        return feed > 0 && text.charAt(feed - 1) == '\r' ? "\r\n" : "\n";
    }

    /** Whether it escapes all characters beyond ASCII, as Python's json module does by default. */
    private boolean writesEscapes() {
        return text.contains("\\u") && text.chars().allMatch(c -> c < 128 || c == TextPosition.BYTE_ORDER_MARK);
    }

    private static String leadingBlanks(String line) {
        int end = 0;
        while (end < line.length() && (line.charAt(end) == ' ' || line.charAt(end) == '\t')) {
            end++;
        }
        return line.substring(0, end);
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static String mostFrequent(List<String> candidates, String otherwise) {
        Counts counts = new Counts();
        candidates.forEach(counts);
        return mostFrequent(counts, otherwise);
    }

    /** Among equals the shortest: blank lines and columns are the exception. */
    private static String mostFrequent(Counts counts, String otherwise) {
        String best = otherwise;
        int most = 0;
        for (Map.Entry<String, Integer> entry : counts.counts.entrySet()) {
            int count = entry.getValue();
            if (count > most || (count == most && entry.getKey().length() < best.length())) {
                most = count;
                best = entry.getKey();
            }
        }
        return best;
    }

    private static final class Counts implements Consumer<String> {
        private final Map<String, Integer> counts = new HashMap<>();

        @Override
        public void accept(String candidate) {
            counts.merge(candidate, 1, Integer::sum);
        }
    }

    private final class Survey {
        private final Counts colons = new Counts();
        private final Counts commas = new Counts();
        private final Counts paddings = new Counts();
        private @Nullable String unit;

        /** Records the white space before one child of a container. */
        private void gap(int container, String gap, int index, boolean object) {
            if (hasLineEnd(gap)) {
                learnUnit(indentAt(container), lastIndent(gap));
            } else if (index > 0) {
                commas.accept(gap);
            } else if (object) {
                paddings.accept(gap);
            }
        }

        private void learnUnit(String outer, String inner) {
            if (unit == null && inner.startsWith(outer)) {
                unit = inner.substring(outer.length());
            }
        }
    }
}
