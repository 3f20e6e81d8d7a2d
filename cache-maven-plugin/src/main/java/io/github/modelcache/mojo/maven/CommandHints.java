package io.github.modelcache.mojo.maven;

import io.github.modelcache.http.Urls;
import java.io.File;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;

/**
 * Completes commands in messages: {@code mvn cache:init} needs the full name of the plugin if neither the POM nor the
 * settings name it.
 *
 * @param repeated options by name that each command needs to work on the folders of this build
 * @param quoted whether every option is quoted, because PowerShell splits {@code -Da.b=c} at the dot
 */
public record CommandHints(boolean prefixKnown, String version, Map<String, String> repeated, boolean quoted)
        implements UnaryOperator<String> {

    /** The options of a dry run. */
    private static final Set<String> OF_DRY_RUN = Set.of("cache.dryRun", "cache.limit");

    private static final Pattern COMMAND = Pattern.compile("mvn (-q )?cache:([a-z]+)");

    /** An option that does not begin with a quote. A dot or comma at its end belongs to the sentence. */
    private static final Pattern OPTION =
            Pattern.compile("(?<!\")-Dcache(?:\\.\\w+)+(?:=(?:\"[^\"]*\"|(?:[^\\s\"'`;()]*[^\\s\"'`;().,:])?))?");

    /** Values that need no quotes in a shell. */
    private static final Pattern PLAIN = Pattern.compile("[\\w.,:/@%+-]+");

    private static final String GROUP = "io.github.modelcache";
    static final String PLUGIN = GROUP + ":cache-maven-plugin";

    public static CommandHints of(MavenSession session, String version, Map<String, String> repeated) {
        boolean known = session.getSettings().getPluginGroups().contains(GROUP)
                || session.getProjects().stream().anyMatch(CommandHints::names);
        return new CommandHints(known, version, repeated, File.separatorChar == '\\');
    }

    private static boolean names(MavenProject project) {
        return project.getPlugin(PLUGIN) != null
                || (project.getPluginManagement() != null
                        && project.getPluginManagement().getPluginsAsMap().containsKey(PLUGIN));
    }

    /**
     * A goal with the typed options of this plugin except those of a dry run.
     *
     * @param typed what the user defined on the command line
     * @param but properties that are left out
     */
    public static String command(String goal, Properties typed, Set<String> but) {
        StringBuilder command = new StringBuilder("mvn cache:").append(goal);
        for (String name : new TreeSet<>(typed.stringPropertyNames())) {
            if (name.startsWith("cache.") && !OF_DRY_RUN.contains(name) && !but.contains(name)) {
                command.append(' ').append(option(name, typed.getProperty(name)));
            }
        }
        return command.toString();
    }

    /** An option, quoted for a shell; hides an address with a user name or password. */
    public static String option(String name, String value) {
        String option = "-D" + name + "=" + (Urls.holdsUser(value) ? "…" : value);
        return PLAIN.matcher(value).matches() ? option : '"' + option + '"';
    }

    @Override
    public String apply(String text) {
        Matcher command = COMMAND.matcher(text);
        StringBuilder typed = new StringBuilder();
        while (command.find()) {
            String quiet = command.group(1) == null ? "" : command.group(1);
            String prefix = prefixKnown ? "cache" : PLUGIN + ":" + version;
            String full = "mvn " + quiet + prefix + ":" + command.group(2) + missing(text.substring(command.end()));
            command.appendReplacement(typed, Matcher.quoteReplacement(full));
        }
        String commands = command.appendTail(typed).toString();
        return quoted
                ? OPTION.matcher(commands)
                        .replaceAll(option ->
                                Matcher.quoteReplacement('"' + option.group().replace("\"", "") + '"'))
                : commands;
    }

    /** The repeated options that a command lacks. */
    private String missing(String rest) {
        int next = rest.indexOf("mvn ");
        String own = next < 0 ? rest : rest.substring(0, next);
        return repeated.entrySet().stream()
                .filter(option -> !own.contains("-D" + option.getKey() + "="))
                .map(option -> " " + option(option.getKey(), option.getValue()))
                .collect(Collectors.joining());
    }
}
