package io.github.modelcache.mojo.maven;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** The parameters of a goal from the command line, MAVEN_OPTS, profiles and the POM. */
public record GivenParameters(MavenSession session, MojoExecution execution) {

    /** A sentence for each unknown parameter. */
    public Set<String> problems() {
        ParameterCheck check = new ParameterCheck(execution.getMojoDescriptor().getPluginDescriptor());
        Properties own = projectProperties();
        Set<String> problems = new LinkedHashSet<>(check.typed(typed(), own, hasDryRun()));
        problems.addAll(check.ofProject(own));
        configurations().forEach(configuration -> problems.addAll(check.configured(configuration)));
        problems.addAll(booleans());
        return problems;
    }

    /** The command line wins. */
    private Properties typed() {
        Properties typed = new Properties();
        typed.putAll(session.getSystemProperties());
        typed.putAll(session.getUserProperties());
        return typed;
    }

    private Properties projectProperties() {
        Properties all = new Properties();
        for (MavenProject project : session.getProjects()) {
            all.putAll(project.getProperties());
        }
        return all;
    }

    private boolean hasDryRun() {
        return parameters().stream().anyMatch(parameter -> parameter.getName().equals("dryRun"));
    }

    private List<Parameter> parameters() {
        return execution.getMojoDescriptor().getParameters();
    }

    /** The configurations of the plugin and of this execution in the POM. */
    private List<Object> configurations() {
        List<Object> found = new ArrayList<>();
        plugin().ifPresent(plugin -> {
            found.add(plugin.getConfiguration());
            plugin.getExecutions().stream()
                    .filter(candidate -> candidate.getId().equals(execution.getExecutionId()))
                    .forEach(candidate -> found.add(candidate.getConfiguration()));
        });
        found.removeIf(configuration -> configuration == null);
        return found;
    }

    private Optional<Plugin> plugin() {
        MavenProject project = session.getCurrentProject();
        if (project == null) {
            return Optional.empty();
        }
        String key = execution.getGroupId() + ":" + execution.getArtifactId();
        Plugin declared = project.getPlugin(key);
        return declared != null || project.getPluginManagement() == null
                ? Optional.ofNullable(declared)
                : Optional.ofNullable(
                        project.getPluginManagement().getPluginsAsMap().get(key));
    }

    /** The booleans of this goal that are neither true nor false. */
    private List<String> booleans() {
        List<String> problems = new ArrayList<>();
        Xpp3Dom configuration = execution.getConfiguration();
        for (Parameter parameter : parameters()) {
            Xpp3Dom given = configuration == null ? null : configuration.getChild(parameter.getName());
            String text = given == null ? null : given.getValue();
            if (text == null || !ParameterCheck.isBoolean(parameter)) {
                continue;
            }
            Optional<String> property = ParameterCheck.property(parameter);
            boolean byProperty =
                    property.map(name -> text.equals("${" + name + "}")).orElse(false);
            if (byProperty && typed().containsKey(property.get())) {
                continue; // already reported
            }
            String name = byProperty ? "the property " + property.get() : "<" + parameter.getName() + ">";
            value(text).flatMap(value -> ParameterCheck.notBoolean(name, value)).ifPresent(problems::add);
        }
        return problems;
    }

    /** The value of an expression; empty if it is not set. */
    private Optional<String> value(String text) {
        try {
            Object value = new PluginParameterExpressionEvaluator(session, execution).evaluate(text, String.class);
            return Optional.ofNullable(value).map(Object::toString);
        } catch (ExpressionEvaluationException e) {
            return Optional.of(text);
        }
    }
}
