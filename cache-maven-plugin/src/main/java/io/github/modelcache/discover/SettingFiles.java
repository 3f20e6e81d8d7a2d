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

    private record Level(int indent, String path, ConfigMapping mapping) {}

    void yaml(String text, Findings findings) {
        ConfigSettings found = new ConfigSettings();
        ConfigMapping file = new ConfigMapping();
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
            close(levels, item ? matcher.group(1).length() : indent, indent, item);
            Level parent = levels.isEmpty() ? new Level(-1, "", file) : levels.peek();
            String value = unquoted(matcher.group(4));
            String name = matcher.group(3);
            if (name == null) {
                boolean ofOption = option.startsWith("--") && option.indexOf('=') < 0;
                String element = ofOption ? option.substring(2) : parent.path();
                found.add(parent.mapping(), lastName(element), element, value, number);
                option = value;
                continue;
            }
            option = "";
            if (item && levels.size() < DEEPEST) {
                parent = new Level(indent - 1, parent.path(), parent.mapping().inner(""));
                levels.push(parent);
            }
            found.addName(parent.mapping(), parent.path(), name, number);
            String path = parent.path().isEmpty() ? name : parent.path() + "." + name;
            if (value.isEmpty() && levels.size() < DEEPEST) {
                levels.push(new Level(indent, path, parent.mapping().inner(name)));
            } else {
                flow(parent.mapping(), name, path, value, number, found);
            }
        }
        found.report(settings, findings);
    }

    /** Ends the levels that a line at this indent is not in. */
    private static void close(Deque<Level> levels, int level, int indent, boolean item) {
        while (!levels.isEmpty()
                && (levels.peek().indent() > level
                        || (levels.peek().indent() == level && !item)
                        || levels.peek().indent() >= indent)) {
            levels.pop();
        }
    }

    /** A value, or the values of {@code [a, b]} and of <code>{name: value}</code>. */
    private static void flow(
            ConfigMapping mapping, String name, String path, String value, int line, ConfigSettings found) {
        boolean list = value.startsWith("[") && value.endsWith("]");
        boolean object = value.startsWith("{") && value.endsWith("}");
        if (!list && !object) {
            found.add(mapping, name, path, value, line);
            return;
        }
        ConfigMapping inner = object ? mapping.inner(name) : mapping;
        for (String each : value.substring(1, value.length() - 1).split(",", -1)) {
            int colon = object ? each.indexOf(':') : -1;
            String key = colon < 0 ? name : unquoted(each.substring(0, colon));
            found.add(inner, key, colon < 0 ? path : path + "." + key, unquoted(each.substring(colon + 1)), line);
        }
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** Properties, {@code .env}, INI and TOML: a name, a sign and a value on a line, perhaps below a section. */
    void assignments(String text, Findings findings) {
        ConfigSettings found = new ConfigSettings();
        ConfigMapping file = new ConfigMapping();
        ConfigMapping mapping = file;
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
                mapping = file.inner(header.group(1));
            } else if (assignment.matches()) {
                String name = assignment.group(1);
                flow(mapping, name, section + name, unquoted(assignment.group(2)), number, found);
            }
        }
        found.report(settings, findings);
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
        ConfigSettings found = new ConfigSettings();
        Deque<Level> levels = new ArrayDeque<>();
        Level level = new Level(0, "", new ConfigMapping());
        String name = "";
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int line = parser.currentTokenLocation().getLineNr();
                switch (token) {
                    case PROPERTY_NAME -> {
                        name = parser.currentName();
                        found.addName(level.mapping(), "", name, line);
                    }
                    case START_OBJECT, START_ARRAY -> {
                        boolean object = token == JsonToken.START_OBJECT && !levels.isEmpty();
                        levels.push(new Level(0, name, level.mapping()));
                        level = new Level(0, name, object ? level.mapping().inner(name) : level.mapping());
                    }
                    case END_OBJECT, END_ARRAY -> {
                        level = levels.pop();
                        name = level.path();
                    }
                    case VALUE_STRING -> {
                        if (parser.getStringLength() <= ModelNaming.LONGEST) {
                            found.add(level.mapping(), name, name, parser.getString(), line);
                        }
                    }
                    default -> {}
                }
            }
        } catch (JacksonException e) {
            // not JSON from here on
        }
        found.report(settings, findings);
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
                if (element.group(1).contains("opennlp")) {
                    findings.constant("${" + element.group(1) + "}", element.group(2), number);
                }
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
            String coordinates = artifact.group(1) + ":" + artifact.group(2) + ":";
            if (known.contains("$")) {
                findings.open(new OpenNames.Use(known, ModelKind.MAVEN, "dependency", coordinates)); // of its parent
            } else {
                NamedModel.of("maven", coordinates + known)
                        .ifPresent(model -> findings.add(model, line, "dependency", Certainty.LIKELY, false));
            }
        }
    }
}
