package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.Fingerprint;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Privileges;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.it.project.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.JsonNode;

/** What {@code cache:status} shows, to people and to programs. */
class StatusIT {

    private static final int WIDTH = 80;
    private static final String ESCAPE = "\u001b[";
    private static final String REPORT = "target/cache/status.json";

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void fitsTheScreenHoweverLongTheNamesAre(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            messy(model, workspace);
            maven.cache("init", "download").run().succeeded();
            litter(workspace);
            assertThat(shown(maven)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void showsColoursByTheRulesOfMaven(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.into(workspace);
            maven.cache("init", "download").run().succeeded();
            List<String> plain = shown(maven);
            assertThat(plain).noneMatch(line -> line.contains(ESCAPE));
            assertThat(shown(maven.property("style.color", "never"))).isEqualTo(plain);
            List<String> coloured = shown(maven.property("style.color", "always"));
            assertThat(coloured).anyMatch(line -> line.contains(ESCAPE + "32m"));
            assertThat(coloured.stream()
                            .map(line -> line.replaceAll("\u001b\\[[0-9]+m", ""))
                            .toList())
                    .isEqualTo(plain);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void tellsProgramsWhatItTellsPeople(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            messy(model, workspace);
            maven.cache("init", "download").run().succeeded();
            litter(workspace);
            String text = String.join("\n", shown(maven));
            JsonNode written = Report.read(workspace.file(REPORT)).root();
            String printed = maven.cache("status")
                    .with("-q")
                    .property("cache.format", "json")
                    .run()
                    .succeeded()
                    .output();
            assertThat(printed.strip())
                    .isEqualTo(workspace.read(REPORT).strip())
                    .startsWith("{")
                    .endsWith("}");

            JsonNode totals = written.path("totals");
            assertThat(totals.path("bytes").asLong()).isEqualTo(TinyModel.SIZE + "nobody's".length() + "{}".length());
            assertThat(totals.path("files").asLong()).isEqualTo(3);
            assertThat(text).containsPattern("total +48 kB +3 files");
            long roots = 0;
            for (JsonNode root : written.path("roots")) {
                roots += root.path("bytes").asLong();
                assertThat(text).contains("  " + root.path("name").asString());
            }
            assertThat(roots).isEqualTo(totals.path("bytes").asLong());
            assertThat(text).containsPattern("tmdb +2 B +1 file ");
            for (JsonNode scope : written.path("clean")) {
                assertThat(text).contains("  " + scope.path("scope").asString());
            }
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void showsAProjectWithoutAnything(MavenBuild maven, Workspace workspace) {
        workspace.write("pom.xml", Pom.usual().toString());
        Fingerprint before = workspace.fingerprint();
        assertThat(shown(maven))
                .anyMatch(line -> line.contains("No config found"))
                .anyMatch(line -> line.contains("mvn cache:init"))
                .anyMatch(line -> line.contains("No models are declared"));
        assertThat(workspace.fingerprint()).isEqualTo(before);
        JsonNode report = Report.read(workspace.file(REPORT)).root();
        assertThat(report.path("totals").path("bytes").asLong()).isZero();
        assertThat(report.path("models").size()).isZero();
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    @DisabledOnOs(OS.WINDOWS)
    void changesNothingAndWorksWhereNothingCanBeChanged(MavenBuild maven, Workspace workspace) throws IOException {
        try (TinyModel model = TinyModel.start()) {
            messy(model, workspace);
            maven.cache("init", "download").run().succeeded();
            litter(workspace);
            Fingerprint before = workspace.fingerprint();
            List<String> writable = shown(maven);
            assertThat(workspace.fingerprint()).isEqualTo(before);
            Optional<Privileges.Restriction> restriction = Privileges.readOnly(workspace.project());
            assumeTrue(restriction.isPresent(), "This user can write everywhere");
            try (Privileges.Restriction readOnly = restriction.orElseThrow()) {
                assertThat(readOnly).isNotNull();
                assertThat(shown(maven)).containsAll(writable);
            }
        }
    }

    /** A project with a model, one that is nowhere, and an application cache. */
    private static void messy(TinyModel model, Workspace workspace) {
        workspace
                .write("pom.xml", Pom.usual().toString())
                .write(
                        Config.FILE,
                        model.config()
                                .member("application_caches", "{ \"tmdb\": \"out/tmdb_cache\" }")
                                .toString())
                .write("out/tmdb_cache/a.json", "{}");
    }

    /** What else lies in caches: files of nobody, long names, links to anywhere. */
    private static void litter(Workspace workspace) {
        workspace.write(".cache/torch/hub/checkpoints/" + "long-".repeat(40) + ".pth", "nobody's");
        try {
            Path links = Files.createDirectories(workspace.file(".cache/huggingface/links"));
            Files.createSymbolicLink(links.resolve("loop"), Path.of("loop"));
            Files.createSymbolicLink(links.resolve("home"), workspace.home());
            Files.createSymbolicLink(links.resolve("gone"), Path.of("nowhere"));
        } catch (IOException | UnsupportedOperationException e) {
            return; // a platform or a user without links
        }
    }

    private static List<String> shown(MavenBuild maven) {
        BuildResult result = maven.cache("status").with("-q").offline().run().succeeded();
        List<String> lines = new ArrayList<>(result.lines());
        lines.removeIf(String::isBlank);
        return lines;
    }
}
