package io.github.modelcache.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The pages of docs/goals as the plugin descriptor dictates them.
 *
 * @see <a href="https://maven.apache.org/ref/current/maven-plugin-api/plugin.html">plugin descriptor</a>
 */
final class GoalPages {

    /** The first line of each page; nothing without it is ever replaced or deleted. */
    static final String MARK = "<!-- Generated from the plugin descriptor by GoalPagesTest. Do not edit. -->";

    private final String prefix;
    private final String requiredJava;
    private final String requiredMaven;
    private final List<Goal> goals;

    private GoalPages(Element plugin) {
        prefix = text(plugin, "goalPrefix");
        requiredJava = text(plugin, "requiredJavaVersion");
        requiredMaven = text(plugin, "requiredMavenVersion");
        goals = children(child(plugin, "mojos"), "mojo").stream()
                .map(Goal::of)
                .sorted(Comparator.comparing(Goal::name))
                .toList();
    }

    /** The pages by file name. */
    static SortedMap<String, String> of(Path descriptor) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return new GoalPages(factory.newDocumentBuilder()
                            .parse(descriptor.toFile())
                            .getDocumentElement())
                    .pages();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(descriptor + " is not a plugin descriptor: " + e.getMessage(), e);
        }
    }

    private SortedMap<String, String> pages() {
        SortedMap<String, String> pages = new TreeMap<>();
        pages.put("README.md", index());
        goals.forEach(goal -> pages.put(goal.name() + ".md", page(goal)));
        return pages;
    }

    private String index() {
        Lines lines = new Lines(MARK, "", "# Goals", "");
        lines.add("A page a goal, with every parameter. The plugin needs Java " + requiredJava + " or newer and Maven "
                + requiredMaven + " or newer.");
        lines.add("", "| goal | default phase | what it does |", "|---|---|---|");
        for (Goal goal : goals) {
            lines.add("| [`" + prefix + ":" + goal.name() + "`](" + goal.name() + ".md) | " + phase(goal) + " | "
                    + cell(firstSentence(goal.description())) + " |");
        }
        return lines.text();
    }

    private String page(Goal goal) {
        Lines lines = new Lines(MARK, "", "# `" + prefix + ":" + goal.name() + "`", "");
        lines.add(goal.description(), "");
        lines.add("| | |", "|---|---|");
        lines.add("| default phase | " + phase(goal) + " |");
        lines.add("| needs a POM | " + (goal.requiresProject() ? "yes" : "no") + " |");
        lines.add("| thread-safe (`-T`) | " + (goal.threadSafe() ? "yes" : "no") + " |");
        lines.add("", "## Parameters", "");
        lines.add("Give them on the command line as `-D` and the property, or in the POM as an element of"
                + " `<configuration>`. What the POM says wins.");
        lines.add("", "| property | in the POM | type | default | required | meaning |", "|---|---|---|---|---|---|");
        goal.parameters().forEach(parameter -> lines.add(row(parameter)));
        lines.add("", "All goals: [index](README.md)");
        return lines.text();
    }

    private static String row(Parameter parameter) {
        return "| " + code(parameter.property()) + " | `<" + parameter.name() + ">` | " + cell(parameter.type()) + " | "
                + code(parameter.defaultValue()) + " | " + (parameter.required() ? "yes" : "no") + " | "
                + cell(parameter.description()) + " |";
    }

    private static String phase(Goal goal) {
        return goal.phase().isEmpty() ? "none: run it by hand, or bind it in the POM" : "`" + goal.phase() + "`";
    }

    private static String code(String text) {
        return text.isEmpty() ? "–" : "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private record Goal(
            String name,
            String phase,
            boolean requiresProject,
            boolean threadSafe,
            String description,
            List<Parameter> parameters) {

        static Goal of(Element mojo) {
            Element configuration = child(mojo, "configuration");
            List<Parameter> parameters = children(child(mojo, "parameters"), "parameter").stream()
                    .filter(parameter -> text(parameter, "editable").equals("true"))
                    .map(parameter -> Parameter.of(parameter, configuration))
                    .sorted(Comparator.comparing(Parameter::property).thenComparing(Parameter::name))
                    .toList();
            return new Goal(
                    text(mojo, "goal"),
                    text(mojo, "phase"),
                    text(mojo, "requiresProject").equals("true"),
                    text(mojo, "threadSafe").equals("true"),
                    prose(text(mojo, "description")),
                    parameters);
        }
    }

    private record Parameter(
            String name, String property, String type, String defaultValue, boolean required, String description) {

        static Parameter of(Element parameter, Element configuration) {
            String name = text(parameter, "name");
            Element value = child(configuration, name);
            String property = value.getTextContent().strip().replaceAll("^\\$\\{(.*)}$", "$1");
            String type = text(parameter, "type");
            return new Parameter(
                    name,
                    property,
                    type.substring(type.lastIndexOf('.') + 1),
                    value.getAttribute("default-value"),
                    text(parameter, "required").equals("true"),
                    prose(text(parameter, "description")));
        }
    }

    /** One line of Markdown from the HTML that descriptors carry. */
    private static String prose(String html) {
        return html.replaceAll("</?code>", "`")
                .replaceAll("</?(?:p|br|ul|ol|li|b|i|em|strong|pre|a)(?:\\s[^>]*)?/?>", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .replaceAll("<([a-z-]+)>", "`<$1>`")
                .strip();
    }

    private static String text(Element parent, String name) {
        return child(parent, name).getTextContent().strip();
    }

    /** The child of this name; an empty element where there is none. */
    private static Element child(Element parent, String name) {
        List<Element> children = children(parent, name);
        return children.isEmpty() ? parent.getOwnerDocument().createElement(name) : children.get(0);
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    /** A text in the making. */
    private static final class Lines {

        private final StringBuilder text = new StringBuilder();

        Lines(String... first) {
            add(first);
        }

        void add(String... lines) {
            for (String line : lines) {
                text.append(line).append('\n');
            }
        }

        String text() {
            return text.toString();
        }
    }
}
