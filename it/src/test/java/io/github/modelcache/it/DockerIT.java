package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.DocsPage;
import io.github.modelcache.it.project.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Does what the Dockerfile of {@code docs/ci.md} does: the folder of the build's context is the project. */
@DisabledOnOs(OS.WINDOWS)
class DockerIT {

    /** Fetches plugins of every kind, which a scenario without a network can't. */
    private static final String GO_OFFLINE = "dependency:go-offline ";

    @MavenBuildTest(on = MavenBuildTest.On.EACH_MAVEN)
    void theLastLayerNeedsNoNetwork(MavenBuild maven, Workspace workspace) throws Exception {
        Path image = workspace.root().resolve("image");
        TinyModel model = TinyModel.start();
        try {
            model.into(workspace).write("src/main/resources/a.txt", "a");
            maven.goals("verify").run().succeeded();

            List<String> lines =
                    DocsPage.read("ci.md").block("dockerfile", "FROM").lines().toList();
            String last = lines.get(lines.size() - 1);
            for (String line : lines) {
                if (line.equals(last)) {
                    model.close();
                }
                run(line, maven.in(image), workspace.project(), image);
            }

            assertThat(image.resolve(".cache/models/vad/" + TinyModel.NAME)).hasBinaryContent(model.content());
            assertThat(image.resolve("target/cache/verify.json")).exists();
        } finally {
            model.close();
        }
    }

    private static void run(String line, MavenBuild maven, Path context, Path image) throws Exception {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case "FROM" -> assertThat(words[1]).startsWith("maven:");
            case "WORKDIR" -> Files.createDirectories(image);
            case "COPY" -> maven.shell("cp -r " + context + "/" + words[1]).succeeded();
            case "RUN" -> maven.shell(words[1].replace(GO_OFFLINE, "")).succeeded();
            default -> throw new AssertionError(line);
        }
    }
}
