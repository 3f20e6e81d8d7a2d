package io.github.modelcache.python;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.PythonEnvironment;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.NearestName;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The environments of a project by name, stage and workflow. */
public record PythonEnvironments(CacheConfig config) {
    private static final String CREATE = "mvn cache:init -Dcache.createEnvironments=true";

    /**
     * The installed environment of this name.
     *
     * @throws EnvironmentException if it is unknown, disabled, or not installed
     */
    public VirtualEnvironment named(String name) throws EnvironmentException {
        VirtualEnvironment environment = entry(name, "cache.exec.environment is '" + name + "'");
        requireInstalled(environment);
        return environment;
    }

    /**
     * The environment that a stage runs in.
     *
     * @throws EnvironmentException if the stage is unknown, or its environment is not usable
     */
    public VirtualEnvironment ofStage(String stage) throws EnvironmentException {
        String name = config.stages().get(stage);
        if (name == null) {
            throw new EnvironmentException("cache.exec.stage is '" + stage
                    + "', which stage_to_environment_mapping of the config does not have; "
                    + expected(stage, config.stages().keySet()));
        }
        VirtualEnvironment environment = entry(
                name, "stage_to_environment_mapping of the config says '" + name + "' for the stage '" + stage + "'");
        requireInstalled(environment);
        return environment;
    }

    /**
     * The installed environments of a workflow.
     *
     * @throws EnvironmentException if the workflow is unknown or environments are missing; names all of them
     */
    public List<VirtualEnvironment> ofWorkflow(String workflow) throws EnvironmentException {
        List<String> names = config.workflows().get(workflow);
        if (names == null) {
            throw new EnvironmentException("cache.exec.workflow is '" + workflow
                    + "', which workflow_to_environments_mapping of the config does not have; "
                    + expected(workflow, config.workflows().keySet()));
        }
        List<VirtualEnvironment> environments = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            VirtualEnvironment environment = entry(
                    name,
                    "workflow_to_environments_mapping of the config says '" + name + "' for the workflow '" + workflow
                            + "'");
            environments.add(environment);
            if (!environment.installed()) {
                missing.add(name + " ("
                        + Plan.name(config.projectRoot(), environment.entry().path()) + ")");
            }
        }
        if (!missing.isEmpty()) {
            throw new EnvironmentException("The workflow " + workflow + " needs environments that are not installed: "
                    + String.join(", ", missing) + ". To create them: " + CREATE);
        }
        return environments;
    }

    /** The enabled environments that are not installed, in the order of the config. */
    public List<VirtualEnvironment> missing() {
        return config.environments().values().stream()
                .filter(PythonEnvironment::enabled)
                .map(VirtualEnvironment::new)
                .filter(environment -> !environment.installed())
                .toList();
    }

    private VirtualEnvironment entry(String name, String where) throws EnvironmentException {
        PythonEnvironment entry = config.environments().get(name);
        if (entry == null) {
            throw new EnvironmentException(where + ", which environments of the config does not have; "
                    + expected(name, config.environments().keySet()));
        }
        if (!entry.enabled()) {
            throw new EnvironmentException(where + ", which the config disables for this machine (\"enabled\": false);"
                    + " enable it, or name another environment");
        }
        return new VirtualEnvironment(entry);
    }

    private void requireInstalled(VirtualEnvironment environment) throws EnvironmentException {
        if (environment.installed()) {
            return;
        }
        String interpreter = Plan.name(config.projectRoot(), environment.interpreter());
        String found = Files.exists(environment.unfinished())
                ? "its creation did not finish"
                : interpreterProblem(environment, interpreter);
        throw new EnvironmentException("The environment " + environment.entry().name() + " is not installed: " + found
                + ". To create it: " + CREATE);
    }

    private static String interpreterProblem(VirtualEnvironment environment, String interpreter) {
        return !Files.exists(environment.interpreter())
                ? "there is no " + interpreter
                : Files.isDirectory(environment.interpreter())
                        ? interpreter + " is a folder"
                        : interpreter + " can't be executed";
    }

    private static String expected(String asked, Collection<String> known) {
        if (known.isEmpty()) {
            return "none is defined";
        }
        String all = "expected one of " + String.join(", ", known);
        return NearestName.of(asked, known)
                .map(nearest -> all + "; did you mean " + nearest + "?")
                .orElse(all);
    }
}
