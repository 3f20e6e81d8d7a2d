package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.environment.CacheEnvironment;
import io.github.modelcache.environment.DotenvFile;
import io.github.modelcache.environment.EnvironmentFormat;
import io.github.modelcache.files.FileAppender;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.python.EnvironmentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Prints the environment variables that make every library use the project's caches. For a shell: {@code eval "$(mvn -q
 * cache:env)"}.
 */
@Mojo(name = "env", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class EnvMojo extends AbstractChangingMojo {

    private static final String ENVIRONMENT_FILE = "GITHUB_ENV";

    /** Skips this goal. */
    @Parameter(property = "cache.env.skip", defaultValue = "false")
    boolean skipEnv;

    /**
     * Output format: sh, fish, powershell, cmd, dotenv, json, or github, which appends to the file named by GITHUB_ENV.
     */
    @Parameter(property = "cache.format", defaultValue = "sh")
    String format;

    /**
     * File to write instead of printing, relative to the project's root folder. A .env file keeps its other lines. The
     * format github appends. Any other file is replaced.
     */
    @Parameter(property = "cache.output")
    @Nullable
    String output;

    @Override
    Optional<String> skippedBy() {
        return skipEnv ? Optional.of("cache.env.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, EnvironmentException, IOException {
        EnvironmentFormat asked = EnvironmentFormat.named(format);
        CacheConfig cache = readConfig();
        SortedMap<String, String> variables =
                new CacheEnvironment(cache, home()).variables(offline() || frozen, System.getenv());
        Optional<Path> file = file(asked);
        if (file.isEmpty()) {
            printRaw(asked.text(variables));
            return;
        }
        Plan plan = new Plan(List.of(write(asked, variables, file.get())));
        if (dryRun) {
            print(plan, command());
            return;
        }
        plan.run(messages(), projectRoot(), 1);
        getLog().info("Wrote " + variables.size() + " variables to " + Plan.name(projectRoot(), file.get()));
    }

    private Optional<Path> file(EnvironmentFormat asked) throws EnvironmentException {
        if (given(output).isPresent()) {
            return Optional.of(projectRoot().resolve(given(output).get()).normalize());
        }
        if (asked != EnvironmentFormat.GITHUB) {
            return Optional.empty();
        }
        String named = System.getenv(ENVIRONMENT_FILE);
        if (named == null || named.isBlank()) {
            throw new EnvironmentException(
                    "GITHUB_ENV is not set, so there is no file to append to; cache.format=github is for GitHub"
                            + " Actions. Elsewhere name a file with cache.output, or take another format");
        }
        return Optional.of(Path.of(named));
    }

    private Action write(EnvironmentFormat asked, SortedMap<String, String> variables, Path file) throws IOException {
        String text = asked.text(variables);
        if (asked == EnvironmentFormat.GITHUB) {
            return new Action.Write(file, "appends " + variables.size() + " variables", () -> {
                if (given(output).isPresent()) {
                    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                } else {
                    FileAppender.append(file, text, ENVIRONMENT_FILE);
                }
                return 0;
            });
        }
        boolean keeps = asked == EnvironmentFormat.DOTENV && Files.exists(file);
        String before = keeps ? RegularFile.text(file, RegularFile.SMALL) : "";
        String whole = keeps ? new DotenvFile(before).with(variables) : text;
        return Action.Write.text(file, variables.size() + " variables", whole, StandardCharsets.UTF_8);
    }
}
