package io.github.modelcache.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildSettings;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.testing.JavaLibraryMode;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;

/**
 * Each way in which a Java library loads models, as the table {@code java-libraries.txt} and docs/java have it: built with
 * a network, then built again and run without one.
 */
@Tag("clients-java")
class JavaLibrariesIT {

    private static final int NEWER_JAVA = 21;

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void eachLibraryFindsItsModelWithoutANetwork(MavenBuild usual, Workspace workspace) throws Exception {
        MavenBuild maven = usual.onNewestJdk();
        List<JavaLibraryMode> modes = JavaLibraryMode.all().stream()
                .filter(mode -> mode.find("java").isEmpty() || maven.jdk() >= NEWER_JAVA)
                .toList();
        Network network = Network.find();
        Path models = workspace.root().resolve("fixtures");
        try (JavaFixtures fixtures = JavaFixtures.start(models)) {
            if (maven.jdk() >= NEWER_JAVA) {
                SmileWeights.write(maven, workspace, models.resolve("efficientnet_v2_s.pt"));
            }
            new JavaProjects(modes, fixtures).write(workspace);
            maven.online()
                    .goals("test-compile")
                    .with("-fae")
                    .property("cache.endpoint", fixtures.hub().endpoint().toString())
                    .run()
                    .succeeded();
        }

        Process build = maven.goals("test")
                .with("-fae")
                .offline()
                .property("maven.test.failure.ignore", "true")
                .start(network.cut());
        String screen = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(build.waitFor()).as(screen).isZero();

        Map<String, String> results = new TreeMap<>();
        for (JavaLibraryMode mode : modes) {
            results.put(mode.id(), result(workspace.file(mode.id()).resolve("target/surefire-reports")));
        }
        print(modes, results, network);
        assertThat(asInAnIde(workspace, "opennlp-language", network)).contains("1 tests successful");
        assertThat(results.values()).as(results.toString()).allMatch("found"::equals);
    }

    /**
     * Runs the tests of a module without Maven, as IntelliJ does: with the system properties of the file that Surefire's
     * {@code systemPropertiesFile} names.
     *
     * @see <a href="https://www.jetbrains.com/help/idea/work-with-tests-in-maven.html">IntelliJ and Surefire</a>
     */
    private static String asInAnIde(Workspace workspace, String module, Network network) throws Exception {
        Path folder = workspace.file(module);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("target/models.properties"))) {
            properties.load(reader);
        }
        List<String> command = new ArrayList<>(network.cut());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", Files.readString(folder.resolve("target/class-path.txt"))));
        command.addAll(List.of("org.junit.platform.console.ConsoleLauncher", "execute"));
        command.addAll(List.of("--disable-banner", "--select-class", "modes.ModeTest"));
        Process tests = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** {@code found}, or the first line of what went wrong. */
    private static String result(Path reports) throws Exception {
        Path report = reports.resolve("TEST-modes.ModeTest.xml");
        if (!Files.exists(report)) {
            return "was not run";
        }
        String text = Files.readString(report);
        if (!text.contains("<error") && !text.contains("<failure") && text.contains("<testcase")) {
            return "found";
        }
        return text.lines()
                .filter(line -> line.contains("<error") || line.contains("<failure"))
                .findFirst()
                .orElse("failed");
    }

    private static void print(List<JavaLibraryMode> modes, Map<String, String> results, Network network)
            throws Exception {
        String table = modes.stream()
                .map(mode -> "%-16s %-46s %-9s %s"
                        .formatted(
                                mode.get("library"),
                                mode.get("mode").replace("`", ""),
                                mode.verdict().text(),
                                results.get(mode.id())))
                .collect(Collectors.joining("\n", "network: " + network.howCut() + "\n", "\n"));
        Files.writeString(BuildSettings.target().resolve("java-libraries.txt"), table);
        System.out.println(table);
    }
}
