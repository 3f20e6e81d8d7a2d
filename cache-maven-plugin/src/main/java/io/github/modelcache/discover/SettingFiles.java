package io.github.modelcache.discover;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads the settings of YAML, properties, INI, TOML, JSON and XML, as far as the names of models need it. */
final class SettingFiles {

    private static final Pattern YAML =
            Pattern.compile("( *)((?:- +)*)(?:[\"']?([\\w.$/ -]+?)[\"']? *:(?= |$))? *(.*)");
    private static final Pattern SECTION = Pattern.compile("\\[+([^\\]]+)\\]+\\s*");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*(?:export\\s+)?[\"']?([\\w.\\[\\]-]+)[\"']?\\s*[=:]\\s*(.*)");
    private static final Pattern ELEMENT = Pattern.compile("<([\\w.:-]+)>\\s*([^<>]{1,300}?)\\s*</\\1>");
    private static final Pattern ARTIFACT = Pattern.compile(
            "<groupId>\\s*([\\w.-]+)\\s*</groupId>\\s*<artifactId>\\s*(opennlp-models-[\\w.-]+)\\s*</artifactId>\\s*<version>\\s*([^<\\s]+)\\s*</version>");

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int DEEPEST = 200;

    private final SettingReader settings;

    SettingFiles(SettingReader settings) {
        this.settings = settings;
    }

    private record Level(int indent, String path) {}

    void yaml(String text, Findings findings) {
        Deque<Level> levels = new ArrayDeque<>();
        String option = "";
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Matcher matcher = YAML.matcher(line.stripTrailing());
            if (line.length() > 1000 || line.isBlank() || line.stripLeading().startsWith("#") || !matcher.matches()) {
                continue;
            }
            int indent = matcher.group(1).length() + matcher.group(2).length();
            boolean item = !matcher.group(2).isEmpty();
            int level = item ? matcher.group(1).length() : indent;
            while (!levels.isEmpty()
                    && (levels.peek().indent() > level
                            || (levels.peek().indent() == level && !item)
                            || levels.peek().indent() >= indent)) {
                levels.pop();
            }
            String parent = levels.isEmpty() ? "" : levels.peek().path();
            String value = unquoted(matcher.group(4));
            if (matcher.group(3) == null) {
                element(parent, option, value, number, findings);
                option = value;
            } else {
                option = "";
                settings.readName(parent, matcher.group(3), number, findings);
                String path = parent.isEmpty() ? matcher.group(3) : parent + "." + matcher.group(3);
                if (value.isEmpty() && levels.size() < DEEPEST) {
                    levels.push(new Level(indent, path));
                } else {
                    list(path, value, number, findings);
                }
            }
        }
    }

    /** An element of a list; behind {@code --model} it is the value of that option. */
    private void element(String path, String before, String value, int line, Findings findings) {
        boolean ofOption = before.startsWith("--") && before.indexOf('=') < 0;
        settings.read(ofOption ? before.substring(2) : path, value, line, findings);
    }

    /** A value, or the values of {@code [a, b]}. */
    private void list(String path, String value, int line, Findings findings) {
        if (value.startsWith("[") && value.endsWith("]")) {
            for (String each : value.substring(1, value.length() - 1).split(",", -1)) {
                settings.read(path, unquoted(each), line, findings);
            }
        } else {
            settings.read(path, value, line, findings);
        }
    }

    /** Properties, {@code .env}, INI and TOML: a name, a sign and a value on a line, perhaps below a section. */
    void assignments(String text, Findings findings) {
        String section = "";
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (stripped.isEmpty() || line.length() > 1000 || "#;!".indexOf(stripped.charAt(0)) >= 0) {
                continue;
            }
            Matcher header = SECTION.matcher(stripped);
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (header.matches()) {
                section = header.group(1) + ".";
            } else if (assignment.matches()) {
                list(section + assignment.group(1), unquoted(assignment.group(2)), number, findings);
            }
        }
    }

    private static String unquoted(String given) {
        String value = given.strip();
        int comment = value.indexOf(" #");
        boolean quoted = !value.isEmpty() && (value.charAt(0) == '"' || value.charAt(0) == '\'');
        if (quoted) {
            int end = value.indexOf(value.charAt(0), 1);
            return end > 0 ? value.substring(1, end) : value.substring(1);
        }
        return comment >= 0 ? value.substring(0, comment).strip() : value;
    }

    /** JSON; what is wrong with it ends the reading. */
    void json(byte[] text, Findings findings) {
        Deque<String> names = new ArrayDeque<>();
        String name = "";
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> {
                        name = parser.currentName();
                        settings.readName(
                                "", name, parser.currentTokenLocation().getLineNr(), findings);
                    }
                    case START_OBJECT, START_ARRAY -> names.push(name);
                    case END_OBJECT, END_ARRAY -> name = names.isEmpty() ? "" : names.pop();
                    case VALUE_STRING -> {
                        if (parser.getStringLength() <= ModelNaming.LONGEST) {
                            settings.read(
                                    name,
                                    parser.getString(),
                                    parser.currentTokenLocation().getLineNr(),
                                    findings);
                        }
                    }
                    default -> {}
                }
            }
        } catch (JacksonException e) {
            return; // not JSON from here on
        }
    }

    /** XML: the elements that hold a text, and models that are artifacts. */
    void xml(String text, Findings findings) {
        Map<String, String> properties = new HashMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            Matcher element = ELEMENT.matcher(line);
            while (element.find()) {
                properties.put(element.group(1), element.group(2));
                settings.read(element.group(1), element.group(2), number, findings);
            }
        }
        Matcher artifact = ARTIFACT.matcher(text);
        while (artifact.find()) {
            String version = artifact.group(3);
            String known = version.startsWith("${") && version.endsWith("}")
                    ? properties.getOrDefault(version.substring(2, version.length() - 1), version)
                    : version;
            int line = 1
                    + (int) text.substring(0, artifact.start(2))
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            if (!known.contains("$")) {
                NamedModel.of("maven", artifact.group(1) + ":" + artifact.group(2) + ":" + known)
                        .ifPresent(model -> findings.add(model, line, "dependency", Certainty.LIKELY, false));
            }
        }
    }
}
