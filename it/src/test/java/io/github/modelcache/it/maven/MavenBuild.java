package io.github.modelcache.it.maven;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.maven.shared.invoker.DefaultInvocationRequest;
import org.apache.maven.shared.invoker.DefaultInvoker;
import org.apache.maven.shared.invoker.InvocationRequest;
import org.apache.maven.shared.invoker.MavenInvocationException;

/**
 * One build to run, as a value: each method returns another one. Builds see a home folder and settings of their own,
 * and of the environment only what a shell needs.
 */
public final class MavenBuild {

    /** Maven 4 would ask the repositories that dependencies name in their POMs which groups they have. */
    private static final String NO_PREFIX_FILES = " -Daether.remoteRepositoryFilter.prefixes.resolvePrefixFiles=false";

    private static final int TIMEOUT_SECONDS = 3600;
    private static final List<String> KEPT_ENVIRONMENT =
            List.of("PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "ComSpec", "PATHEXT");

    private final MavenRuntime runtime;
    private final Workspace workspace;
    private final Path folder;
    private final List<String> arguments;
    private final Map<String, String> properties;
    private final Map<String, String> environment;
    private final List<MavenSettings.Server> servers;
    private final boolean online;
    private final String jvmOptions;

    private MavenBuild(
            MavenRuntime runtime,
            Workspace workspace,
            Path folder,
            List<String> arguments,
            Map<String, String> properties,
            Map<String, String> environment,
            List<MavenSettings.Server> servers,
            boolean online,
            String jvmOptions) {
        this.runtime = runtime;
        this.workspace = workspace;
        this.folder = folder;
        this.arguments = List.copyOf(arguments);
        this.properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        this.environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        this.servers = List.copyOf(servers);
        this.online = online;
        this.jvmOptions = jvmOptions;
    }

    static MavenBuild of(MavenRuntime runtime, Workspace workspace) {
        // The first compiler tier is enough for a build of two seconds.
        return new MavenBuild(
                runtime,
                workspace,
                workspace.project(),
                List.of(),
                Map.of(),
                Map.of("LC_ALL", "C.UTF-8", "MAVEN_SKIP_RC", "true"),
                List.of(),
                false,
                "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                        + ClassArchive.of(runtime).option());
    }

    /** Runs in another folder than the workspace's project. */
    public MavenBuild in(Path other) {
        return new MavenBuild(
                runtime, workspace, other, arguments, properties, environment, servers, online, jvmOptions);
    }

    /** Runs in another workspace, with its home folder and its settings. */
    public MavenBuild in(Workspace other) {
        return new MavenBuild(
                runtime, other, other.project(), arguments, properties, environment, servers, online, jvmOptions);
    }

    /** Adds phases or full names of goals. */
    public MavenBuild goals(String... goals) {
        return with(goals);
    }

    /** Adds goals of the plugin under test, by their short names, without a POM having to name it. */
    public MavenBuild cache(String... goals) {
        List<String> full = new ArrayList<>();
        for (String goal : goals) {
            full.add(BuildSettings.plugin() + ":" + goal);
        }
        return with(full.toArray(String[]::new));
    }

    /** Adds anything else to the command line. */
    public MavenBuild with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        Collections.addAll(all, more);
        return new MavenBuild(runtime, workspace, folder, all, properties, environment, servers, online, jvmOptions);
    }

    /** Adds {@code -Dname=value}. */
    public MavenBuild property(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put(name, value);
        return new MavenBuild(runtime, workspace, folder, arguments, all, environment, servers, online, jvmOptions);
    }

    /** Sets a variable of the environment. */
    public MavenBuild env(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(name, value);
        return new MavenBuild(runtime, workspace, folder, arguments, properties, all, servers, online, jvmOptions);
    }

    /** Adds a server with credentials to the settings. */
    public MavenBuild server(String id, String user, String password) {
        List<MavenSettings.Server> all = new ArrayList<>(servers);
        all.add(new MavenSettings.Server(id, user, password));
        return new MavenBuild(runtime, workspace, folder, arguments, properties, environment, all, online, jvmOptions);
    }

    /** Adds {@code -o}. */
    public MavenBuild offline() {
        return with("-o");
    }

    /** Replaces the options of the JVM that runs Maven. */
    public MavenBuild jvm(String options) {
        return new MavenBuild(runtime, workspace, folder, arguments, properties, environment, servers, online, options);
    }

    /** Runs on the newest JDK of this machine. */
    public MavenBuild onNewestJdk() {
        List<Jdk> jdks = Jdks.underTest();
        MavenRuntime newest = new MavenRuntime(runtime.maven(), jdks.get(jdks.size() - 1));
        return new MavenBuild(
                newest, workspace, folder, arguments, properties, environment, servers, online, "-XX:+UseSerialGC");
    }

    /** The feature version of the JDK that Maven runs on. */
    public int jdk() {
        return runtime.jdk().feature();
    }

    /** The options of the JVM that runs Maven. */
    String jvm() {
        return jvmOptions;
    }

    /** Lets the build reach Maven Central. */
    public MavenBuild online() {
        return new MavenBuild(
                runtime, workspace, folder, arguments, properties, environment, servers, true, jvmOptions);
    }

    /** The local repository of this Maven version. */
    public Path repository() {
        return runtime.repository();
    }

    /** The name of the pair that builds run on. */
    public String runtime() {
        return runtime.toString();
    }

    /** Runs the build. */
    public BuildResult run() {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        try {
            InvocationRequest request = request();
            request.setOutputHandler(lines::add);
            request.setErrorHandler(lines::add);
            var result = new DefaultInvoker().execute(request);
            if (result.getExecutionException() != null) {
                throw new IllegalStateException(
                        "The build did not run: " + arguments + "\n" + String.join("\n", lines),
                        result.getExecutionException());
            }
            return new BuildResult(runtime.toString(), command(), result.getExitCode(), List.copyOf(lines));
        } catch (MavenInvocationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the build with pipes to its input and from its output, for who wants to talk to it or to stop it. */
    public Process start() {
        return start(List.of());
    }

    /** The same, run by another command. */
    public Process start(List<String> before) {
        try {
            List<String> command = new ArrayList<>(before);
            command.addAll(List.of(
                    runtime.mavenHome().resolve("bin/mvn").toString(),
                    "-B",
                    "-ntp",
                    "-s",
                    settings().toString(),
                    "-Dmaven.repo.local=" + Files.createDirectories(runtime.repository())));
            command.addAll(command().subList(1, command().size()));
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            use(builder);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a script of the shell in which {@code mvn} is this build's Maven, as somebody at a terminal would; what the
     * build was given beyond its environment is not heard. It ends at the first command that fails. The variable
     * {@code MVN_HOME} names another Maven.
     */
    public BuildResult shell(String script) {
        try {
            Path mvn = workspace.root().resolve("bin/mvn");
            workspace.write(mvn, """
                    #!/bin/sh
                    exec "${MVN_HOME:-%s}/bin/mvn" -ntp -s '%s' '-Dmaven.repo.local=%s' "$@"
                    """.formatted(runtime.mavenHome(), settings(), runtime.repository()));
            Files.createDirectories(runtime.repository());
            if (!mvn.toFile().setExecutable(true)) {
                throw new IllegalStateException(mvn + " can't be made executable");
            }
            Path screen = Files.createTempFile(workspace.root(), "screen-", ".txt");
            ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-e", "-c", script)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(screen.toFile());
            use(shell);
            shell.environment().put("PATH", mvn.getParent() + File.pathSeparator + System.getenv("PATH"));
            Process process = shell.start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IllegalStateException("The script did not end: " + script);
            }
            List<String> lines = Files.readAllLines(screen, StandardCharsets.UTF_8);
            return new BuildResult(runtime.toString(), List.of(script), process.exitValue(), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("mvn"));
        command.addAll(arguments);
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        return command;
    }

    private InvocationRequest request() throws IOException {
        InvocationRequest request = new DefaultInvocationRequest();
        request.setBaseDirectory(folder.toFile());
        request.setMavenHome(runtime.mavenHome().toFile());
        request.setJavaHome(runtime.jdk().home().toFile());
        request.setMavenOpts(jvmOptions());
        request.setLocalRepositoryDirectory(
                Files.createDirectories(runtime.repository()).toFile());
        request.setUserSettingsFile(settings());
        request.setBatchMode(true);
        request.setNoTransferProgress(true);
        request.setTimeoutInSeconds(TIMEOUT_SECONDS);
        request.addArgs(arguments);
        Properties all = new Properties();
        all.putAll(properties);
        request.setProperties(all);
        request.setShellEnvironmentInherited(false);
        shellEnvironment().forEach(request::addShellEnvironment);
        return request;
    }

    /** Gives a process what Maven reads of its environment. */
    private void use(ProcessBuilder process) {
        Map<String, String> variables = process.environment();
        variables.clear();
        variables.put("JAVA_HOME", runtime.jdk().home().toString());
        variables.put("MAVEN_OPTS", jvmOptions());
        variables.putAll(shellEnvironment());
    }

    private String jvmOptions() {
        return jvmOptions + " -Duser.home=" + workspace.home() + NO_PREFIX_FILES;
    }

    private Map<String, String> shellEnvironment() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : KEPT_ENVIRONMENT) {
            String value = System.getenv(name);
            if (value != null) {
                all.put(name, value);
            }
        }
        all.put("HOME", workspace.home().toString());
        all.putAll(environment);
        return all;
    }

    private File settings() throws IOException {
        Path file = workspace.home().resolve(".m2/settings.xml");
        Files.createDirectories(file.getParent());
        String text = MavenSettings.text(LocalRepositories.sources(runtime), online, servers);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return file.toFile();
    }
}
