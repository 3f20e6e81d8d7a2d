package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.DocsPage;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Runs the commands of the pages for users, page after page, in a project that was just cloned. */
@Tag("clients")
@DisabledOnOs(OS.WINDOWS)
class UserPagesIT {

    private static final List<String> PAGES =
            List.of("get-started.md", "python.md", "registry.md", "ci.md", "clean-and-move.md");

    private static final String CONFIG = """
            {
              "environments": { "asr": { "path": "venv/asr" } },
              "workflow_to_environments_mapping": { "transcribe": ["asr"] },
              "stage_to_environment_mapping": { "asr": "asr" },
              "cache": { "models": [ { "model": "url:%s", "to": "vad/%s" } ] }
            }
            """;

    @MavenBuildTest(on = MavenBuildTest.On.THE_USUAL_PAIR)
    void everyCommandWorksInTheOrderOfThePages(MavenBuild maven, Workspace workspace) throws Exception {
        Path drive = Files.createDirectories(workspace.root().resolve("drive"));
        try (TinyModel model = TinyModel.start()) {
            workspace
                    .write("pom.xml", Pom.withGoals("clean").toString())
                    .write(Config.FILE, CONFIG.formatted(model.server().uri("/" + TinyModel.NAME), TinyModel.NAME))
                    .write("stage.py", "import os; print('stage finds', os.listdir(os.environ['MODELS_HOME']))\n");

            List<String> screen = new ArrayList<>();
            for (String name : PAGES) {
                DocsPage page = DocsPage.read(name);
                for (String section : page.sections()) {
                    try (DocsPage.Commands commands = page.commands(section)) {
                        while (commands.more()) {
                            String script = commands.next()
                                    .replace("/mnt/big", drive.toString())
                                    .replace(
                                            "registry.example.com/models",
                                            drive.resolve("registry").toUri().toString());
                            screen.addAll(maven.shell(script).succeeded().lines());
                        }
                    }
                }
            }

            assertThat(screen)
                    .anyMatch(line -> line.contains("stage finds") && line.contains("vad"))
                    .anyMatch(line -> line.contains("Would delete"));
            assertThat(model.downloads()).hasSize(1);
            assertThat(workspace.file("venv/asr/bin/python")).isExecutable();
            assertThat(workspace.read(".env")).contains("MODELS_HOME=");
            assertThat(workspace.file(".cache/models/vad/" + TinyModel.NAME)).hasBinaryContent(model.content());
            assertThat(Files.isSymbolicLink(workspace.file(".cache"))).isFalse();
        }
    }
}
