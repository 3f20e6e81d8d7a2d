package io.github.modelcache.docs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The page docs/goals.md as the plugin descriptor dictates it.
 *
 * @see <a href="https://maven.apache.org/ref/current/maven-plugin-api/plugin.html">plugin descriptor</a>
 */
final class GoalPages {

    private static final String MARK = "<!-- Generated from the plugin descriptor by GoalPagesTest. Do not edit. -->";

    /** A parameter of so many goals is described once. */
    private static final int COMMON = 2;

    private static final List<String> HEAD = List.of("", "| parameter | default | meaning |", "|---|---|---|");

    private final String prefix;
    private final String requiredJava;
    private final String requiredMaven;
    private final List<Goal> goals;

    /** Parameters that several goals have. */
    private final List<Parameter> common;

    private GoalPages(Element plugin) {
        prefix = text(plugin, "goalPrefix");
        requiredJava = text(plugin, "requiredJavaVersion");
        requiredMaven = text(plugin, "requiredMavenVersion");
        goals = children(child(plugin, "mojos"), "mojo").stream()
                .map(Goal::of)
                .filter(goal -> !goal.name().equals("help"))
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

    /** The text of the page. */
    static String of(Path descriptor) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            return new GoalPages(factory.newDocumentBuilder()
                            .parse(descriptor.toFile())
                            .getDocumentElement())
                    .page();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(descriptor + " is not a plugin descriptor: " + e.getMessage(), e);
        }
    }

    private String page() {
        Lines lines = new Lines(MARK, "", "# Goals", "");
        lines.add("The plugin needs Java " + requiredJava + " and Maven " + requiredMaven
                + ", or newer. No goal needs a POM, and every goal is thread-safe (`-T`). `mvn " + prefix
                + ":help -Ddetail -Dgoal=clean` prints this page's text for one goal.");
        lines.add(
                "",
                "Set a parameter on the command line with `-D` and its property. In the POM, the element of"
                        + " `<configuration>` is the last part of the property, unless the table names it. A value in the"
                        + " POM wins.");
        lines.add("", "## Parameters of several goals");
        lines.add("", "| parameter | default | goals | meaning |", "|---|---|---|---|");
        common.forEach(parameter -> lines.add("| " + name(parameter) + " | " + code(parameter.defaultValue()) + " | "
                + owners(parameter) + " | " + cell(parameter.description()) + " |"));
        lines.add("| `" + prefix
                + ".clean.skip`, `<skipClean>` | `false` | all | Skips one goal. Each goal has such a parameter. |");
        goals.forEach(goal -> section(goal, lines));
        return lines.text();
    }

    private void section(Goal goal, Lines lines) {
        if (goal.requiresProject() || !goal.threadSafe()) {
            throw new IllegalStateException(
                    "The page says that no goal needs a POM and that all are thread-safe: " + goal);
        }
        lines.add("", "## `" + prefix + ":" + goal.name() + "`", "", goal.description());
        if (!goal.phase().isEmpty()) {
            lines.add("", "Default phase: `" + goal.phase() + "`.");
        }
        List<Parameter> own = goal.parameters().stream()
                .filter(parameter -> !common.contains(parameter) && !skips(goal, parameter))
                .toList();
        if (!own.isEmpty()) {
            HEAD.forEach(lines::add);
            own.forEach(parameter -> lines.add(row(parameter)));
        }
    }

    /** The goals that have a parameter, in the shorter way. */
    private String owners(Parameter parameter) {
        String with = names(goal -> goal.parameters().contains(parameter));
        String without = names(goal -> !goal.parameters().contains(parameter));
        if (without.isEmpty()) {
            return "all";
        }
        return without.length() < with.length() ? "all but " + without : with;
    }

    private String names(Predicate<Goal> which) {
        return goals.stream().filter(which).map(Goal::name).collect(Collectors.joining(", "));
    }

    /** Whether a parameter skips its goal, as each goal has one. */
    private boolean skips(Goal goal, Parameter parameter) {
        return parameter.property().equals(prefix + "." + goal.name() + ".skip");
    }

    private static String row(Parameter parameter) {
        return "| " + name(parameter) + " | " + code(parameter.defaultValue()) + " | " + cell(parameter.description())
                + (parameter.required() ? " Required." : "") + " |";
    }

    private static String name(Parameter parameter) {
        String property = parameter.property();
        String element = "`<" + parameter.name() + ">`";
        boolean isLastPart = property.substring(property.lastIndexOf('.') + 1).equals(parameter.name());
        return property.isEmpty() ? element : code(property) + (isLastPart ? "" : ", " + element);
    }

    private static String code(String text) {
        return text.isEmpty() ? "–" : "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
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
