package io.github.modelcache.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
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

    /** A parameter of so many goals is described in the index only. */
    private static final int COMMON = 3;

    private static final List<String> HEAD =
            List.of("", "| property | in the POM | default | meaning |", "|---|---|---|---|");

    private final String prefix;
    private final String requiredJava;
    private final String requiredMaven;
    private final List<Goal> goals;

    /** Parameters that several goals have; the index describes them once. */
    private final List<Parameter> common;

    private GoalPages(Element plugin) {
        prefix = text(plugin, "goalPrefix");
        requiredJava = text(plugin, "requiredJavaVersion");
        requiredMaven = text(plugin, "requiredMavenVersion");
        goals = children(child(plugin, "mojos"), "mojo").stream()
                .map(Goal::of)
                .sorted(Comparator.comparing(Goal::name))
                .toList();
        common = goals.stream()
                .flatMap(goal -> goal.parameters().stream())
                .distinct()
                .filter(parameter -> goals.stream()
                                .filter(goal -> goal.parameters().contains(parameter))
                                .count()
                        >= COMMON)
                .sorted(Comparator.comparing(Parameter::property))
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
        lines.add("The plugin needs Java " + requiredJava + " or newer and Maven " + requiredMaven + " or newer.");
        lines.add("", "| goal | default phase | what it does |", "|---|---|---|");
        for (Goal goal : goals) {
            lines.add("| [`" + prefix + ":" + goal.name() + "`](" + goal.name() + ".md) | " + phase(goal) + " | "
                    + cell(firstSentence(goal.description())) + " |");
        }
        lines.add("", "No goal needs a POM, and every goal is thread-safe (`-T`).");
        lines.add("", "## Parameters", "");
        lines.add("Set a parameter on the command line with `-D` and its property, or in the POM as an element of"
                + " `<configuration>`. A value in the POM wins.");
        lines.add("", "Several goals share these parameters. The page of each goal names the ones that it has.");
        HEAD.forEach(lines::add);
        common.forEach(parameter -> lines.add(row(parameter)));
        return lines.text();
    }

    private String page(Goal goal) {
        if (goal.requiresProject() || !goal.threadSafe()) {
            throw new IllegalStateException(
                    "The index says that no goal needs a POM and that all are thread-safe: " + goal);
        }
        Lines lines = new Lines(MARK, "", "# `" + prefix + ":" + goal.name() + "`", "");
        lines.add(goal.description(), "", "Default phase: " + (goal.phase().isEmpty() ? "none" : phase(goal)) + ".");
        HEAD.forEach(lines::add);
        goal.parameters().stream()
                .filter(parameter -> !common.contains(parameter))
                .forEach(parameter -> lines.add(row(parameter)));
        String shared = goal.parameters().stream()
                .filter(common::contains)
                .map(parameter -> code(parameter.property()))
                .collect(Collectors.joining(", "));
        if (!shared.isEmpty()) {
            lines.add("", "[Shared parameters](README.md#parameters): " + shared + ".");
        }
        return lines.text();
    }

    private static String row(Parameter parameter) {
        return "| " + code(parameter.property()) + " | `<" + parameter.name() + ">` | " + code(parameter.defaultValue())
                + " | " + cell(parameter.description()) + (parameter.required() ? " Required." : "") + " |";
    }

    private static String phase(Goal goal) {
        return goal.phase().isEmpty() ? "–" : "`" + goal.phase() + "`";
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

    private record Parameter(String name, String property, String defaultValue, boolean required, String description) {

        static Parameter of(Element parameter, Element configuration) {
            String name = text(parameter, "name");
            Element value = child(configuration, name);
            String property = value.getTextContent().strip().replaceAll("^\\$\\{(.*)}$", "$1");
            return new Parameter(
                    name,
                    property,
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
