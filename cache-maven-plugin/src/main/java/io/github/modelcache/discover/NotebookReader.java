package io.github.modelcache.discover;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Extracts the code of a Jupyter notebook. Its outputs, which can be large, are skipped.
 *
 * @see <a href="https://nbformat.readthedocs.io/en/latest/format_description.html">The notebook format</a>
 */
final class NotebookReader {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int MOST_CHARACTERS = 4 << 20;

    private static final Pattern SHELL = Pattern.compile("%%(bash|sh|shell|script +\\w*sh)\\b.*");

    private final StringBuilder python = new StringBuilder();
    private final List<Integer> lines = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private final List<Command> settings = new ArrayList<>();

    /** A shell command. */
    record Command(String text, int line) {}

    /**
     * The code of a notebook.
     *
     * @param lines for each line of {@code python} its line in the file
     * @param settings lines of config files that it writes
     */
    record Code(String python, List<Integer> lines, List<Command> commands, List<Command> settings) {}

    private NotebookReader() {}

    /** Reads a notebook up to the first JSON error. */
    static Code read(InputStream in) {
        NotebookReader reader = new NotebookReader();
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), in)) {
            reader.notebook(parser);
        } catch (JacksonException e) {
            // no notebook from here on
        }
        return new Code(reader.python.toString(), reader.lines, reader.commands, reader.settings);
    }

    private void notebook(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean cells = parser.currentName().equals("cells");
            if (parser.nextToken() == JsonToken.START_ARRAY && cells) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    cell(parser);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private void cell(JsonParser parser) {
        boolean code = false;
        List<Command> source = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("cell_type") && value == JsonToken.VALUE_STRING) {
                code = parser.getString().equals("code");
            } else if (name.equals("source")) {
                source = source(parser, value);
            } else {
                parser.skipChildren();
            }
        }
        boolean file = !source.isEmpty() && source.get(0).text().startsWith("%%writefile");
        boolean shell = !source.isEmpty() && SHELL.matcher(source.get(0).text()).matches();
        if (code && shell) {
            commands.addAll(source.subList(1, source.size()));
        } else if (code && file && !source.get(0).text().strip().endsWith(".py")) {
            settings.addAll(source);
        } else if (code) {
            source.forEach(this::add);
        }
    }

    private static List<Command> source(JsonParser parser, JsonToken first) {
        List<Command> source = new ArrayList<>();
        boolean array = first == JsonToken.START_ARRAY;
        JsonToken token = array ? parser.nextToken() : first;
        while (token == JsonToken.VALUE_STRING) {
            int line = parser.currentTokenLocation().getLineNr();
            parser.getString().lines().forEach(text -> source.add(new Command(text, line)));
            token = array ? parser.nextToken() : JsonToken.END_ARRAY;
        }
        if (token != JsonToken.END_ARRAY) {
            parser.skipChildren();
        }
        return source;
    }

    private void add(Command one) {
        String stripped = one.text().stripLeading();
        boolean command = stripped.startsWith("!") || stripped.startsWith("%");
        if (command) {
            commands.add(new Command(stripped.substring(1), one.line()));
        }
        if (python.length() < MOST_CHARACTERS) {
            python.append(command ? "" : one.text()).append('\n');
            lines.add(one.line());
        }
    }
}
