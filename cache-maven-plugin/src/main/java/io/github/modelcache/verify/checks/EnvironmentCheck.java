package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.VariableConflict;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.TextSanitizer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reports variables that point elsewhere than the config, and Python environments that are not installed. */
public record EnvironmentCheck(CacheConfig config, VerificationContext context) implements Check {
    private static final String HIDDEN = "(not shown)";

    @Override
    public void run(Consumer<Finding> findings) {
        context.conflicts().forEach(conflict -> findings.accept(conflict(conflict)));
        context.unreadable()
                .forEach(
                        (path, reason) -> findings.accept(ContentCheck.unreadable(config.projectRoot(), path, reason)));
        if (!context.notInstalled().isEmpty()) {
            findings.accept(notInstalled(context.notInstalled()));
        }
    }

    private Finding conflict(VariableConflict conflict) {
        String actual = conflict.secret() ? HIDDEN : TextSanitizer.text(conflict.actual());
        String expected = conflict.secret() ? HIDDEN : conflict.expected().orElse("not set");
        String place = conflict.file()
                .map(file -> Plan.name(config.projectRoot(), file))
                .orElse("the environment that the build was started in");
        String set = conflict.name() + " is " + (actual.isEmpty() ? "empty" : actual) + " in " + place;
        String message = conflict.expected().isPresent()
                ? set + "; the config says " + expected
                : set + ", so some libraries do not use the project's cache";
        Finding finding = Finding.of(FindingId.ENVIRONMENT_CONFLICT, message, fix(conflict, place))
                .comparing(expected, actual);
        return conflict.file().map(finding::at).orElse(finding);
    }

    private static String fix(VariableConflict conflict, String place) {
        boolean wanted = conflict.expected().isPresent();
        if (conflict.file().isPresent()) {
            return wanted
                    ? "mvn cache:env -Dcache.format=dotenv -Dcache.output=" + place
                    : "delete the line from " + place;
        }
        String unset = "unset " + conflict.name() + " and remove it from the script that sets it";
        return wanted ? unset + ", or run eval \"$(mvn -q cache:env)\" in the shell" : unset;
    }

    /** One finding for all environments: few people need all of them. */
    private Finding notInstalled(Map<String, Path> environments) {
        String all = environments.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + Plan.name(config.projectRoot(), entry.getValue()) + ")")
                .collect(Collectors.joining(", "));
        Optional<Path> first = environments.values().stream().findFirst();
        Finding finding = Finding.of(
                FindingId.ENVIRONMENT_MISSING,
                (environments.size() == 1 ? "An environment" : environments.size() + " environments")
                        + " of the config " + (environments.size() == 1 ? "is" : "are") + " not installed: " + all,
                "mvn cache:init -Dcache.createEnvironments=true");
        return first.map(finding::at).orElse(finding);
    }
}
