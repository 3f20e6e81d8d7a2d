package io.github.modelcache.mojo.maven;

import io.github.modelcache.units.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;

/**
 * Finds unknown parameters. Maven ignores an unknown property and reads every boolean except {@code true} as
 * {@code false}, so a mistyped dry run would delete.
 */
final class ParameterCheck {

    private static final String PREFIX = "cache.";
    private static final String DRY_RUN = "cache.dryRun";

    /** The variables that {@code init} publishes and a user may override. */
    private static final String VARIABLE = "cache\\.env\\.[A-Z_][A-Z0-9_]*";

    private static final String HARDWARE = "cache.hardware.";

    private static final String OTHERS =
            " If another program uses it, define it in the POM's <properties>; this plugin then ignores it.";

    /** The known properties, and whether they are booleans. */
    private final Map<String, Boolean> properties = new TreeMap<>();
    /** The known elements of {@code <configuration>}. */
    private final Set<String> elements = new TreeSet<>();
    /** Likely wrong names of the dry run, letters only. */
    private final Set<String> dryRuns = new TreeSet<>();

    /** The check for the goals of this plugin. */
    ParameterCheck(PluginDescriptor plugin) {
        for (String start : List.of("", "cache", "maven", "modelcache")) {
            addDryRuns(start);
        }
        for (MojoDescriptor goal : plugin.getMojos()) {
            addDryRuns(goal.getGoal());
            addDryRuns("cache" + goal.getGoal());
            for (Parameter parameter : goal.getParameters()) {
                elements.add(parameter.getName());
                property(parameter).ifPresent(name -> properties.put(name, isBoolean(parameter)));
            }
        }
    }

    private void addDryRuns(String start) {
        dryRuns.add(start + "dryrun");
        dryRuns.add(start + "dry");
    }

    /** The property that sets the parameter. */
    static Optional<String> property(Parameter parameter) {
        String expression = parameter.getExpression();
        return expression != null && expression.startsWith("${" + PREFIX) && expression.endsWith("}")
                ? Optional.of(expression.substring(2, expression.length() - 1))
                : Optional.empty();
    }

    static boolean isBoolean(Parameter parameter) {
        return parameter.getType().equals("boolean") || parameter.getType().equals(Boolean.class.getName());
    }

    /**
     * Checks the typed properties.
     *
     * @param typed on the command line, or for Java in MAVEN_OPTS
     * @param own properties of the project and its profiles, which are not meant for a goal
     * @param dryRuns whether the goal has a dry run
     * @return a sentence for each problem
     */
    List<String> typed(Properties typed, Properties own, boolean dryRuns) {
        List<String> problems = new ArrayList<>();
        for (String name : new TreeSet<>(typed.stringPropertyNames())) {
            String value = typed.getProperty(name);
            if (properties.containsKey(name)) {
                if (properties.get(name)) {
                    notBoolean("-D" + name, value).ifPresent(problems::add);
                }
            } else if (isOurs(name)) {
                if (own.getProperty(name) == null || isDryRun(name)) {
                    problems.add(unknownOption(name, nearest(name)) + OTHERS);
                }
            } else if (dryRuns && isDryRun(name) && own.getProperty(name) == null && !typed.containsKey(DRY_RUN)) {
                if (!isFalse(value)) {
                    problems.add(unknownOption(name, Optional.of(DRY_RUN)));
                }
            }
        }
        return problems;
    }

    /** Checks the properties of a project, where only names of a dry run are problems. */
    List<String> ofProject(Properties own) {
        return new TreeSet<>(own.stringPropertyNames())
                .stream()
                        .filter(name -> !properties.containsKey(name) && isOurs(name) && isDryRun(name))
                        .filter(name -> !isFalse(own.getProperty(name)))
                        .map(name -> unknown(name, Optional.of(DRY_RUN)))
                        .toList();
    }

    /** Checks a {@code <configuration>} of the POM, from which Maven drops unknown elements. */
    List<String> configured(@Nullable Object configuration) {
        if (!(configuration instanceof Xpp3Dom dom)) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        for (Xpp3Dom child : dom.getChildren()) {
            if (!elements.contains(child.getName())) {
                String meant = child.getName().startsWith(PREFIX)
                        ? child.getName().substring(PREFIX.length())
                        : child.getName();
                problems.add(unknown(
                        "<" + child.getName() + ">", nearest(meant, elements).map(name -> "<" + name + ">")));
            }
        }
        return problems;
    }

    /** The problem of a value that Maven would read as {@code false}. */
    static Optional<String> notBoolean(String name, String value) {
        return value.equalsIgnoreCase("true") || isFalse(value)
                ? Optional.empty()
                : Optional.of(name + " is '" + value + "', expected true or false.");
    }

    private static boolean isFalse(String value) {
        return value.equalsIgnoreCase("false");
    }

    /** Whether a property is meant for this plugin. */
    private static boolean isOurs(String name) {
        return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                && !name.matches(VARIABLE)
                && !name.startsWith(HARDWARE);
    }

    private boolean isDryRun(String name) {
        return dryRuns.contains(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
    }

    private Optional<String> nearest(String name) {
        List<String> known = properties.keySet().stream()
                .map(property -> property.substring(PREFIX.length()))
                .toList();
        return isDryRun(name)
                ? Optional.of(DRY_RUN)
                : NearestName.of(name.substring(PREFIX.length()), known).map(PREFIX::concat);
    }

    private Optional<String> nearest(String element, Collection<String> known) {
        return isDryRun(element) ? Optional.of("dryRun") : NearestName.of(element, known);
    }

    private static String unknownOption(String name, Optional<String> meant) {
        return unknown("-D" + name, meant.map("-D"::concat));
    }

    private static String unknown(String name, Optional<String> meant) {
        String hint = meant.map(known -> "; did you mean " + known + "?").orElse(".");
        return "Unknown parameter " + name + hint;
    }
}
