package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.TeamModel;
import io.github.modelcache.it.registry.DistributionRegistry;
import io.github.modelcache.it.registry.Programs;
import io.github.modelcache.it.registry.ProgramsExtension;
import io.github.modelcache.it.registry.Skopeo;
import io.github.modelcache.testing.StandInHub;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Locked models as an image: pushed, read by other programs, pulled, and carried to a network of its own. */
@ExtendWith(ProgramsExtension.class)
class ImageIT {

    private static final String MODEL = TeamModel.REFERENCE;
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");
    private static final int LARGE_BYTES = 17 << 20;

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void eachMachineMakesTheSameImageAndOthersFindTheLockedFilesInIt(
            MavenBuild maven, Workspace workspace, Programs programs) throws Exception {
        Skopeo skopeo = new Skopeo(programs.require(Programs.SKOPEO), workspace.root());
        try (StandInHub hub = hub(workspace);
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            TeamModel.fetch(maven, hub);
            MavenBuild push = maven.property("cache.registry", registry.host() + "/models")
                    .property("cache.endpoint", TeamModel.NO_HUB)
                    .property("cache.image", "tiny:1");
            String digest = digest(push.cache("push").property("cache.push.format", "image"));

            Workspace other = TeamModel.other(workspace);
            push.in(other).cache("init", "pull", "verify").run().succeeded().says("Fetched " + MODEL);
            assertThat(digest(push.in(other).cache("push").property("cache.push.format", "image")))
                    .isEqualTo(digest);
            TeamModel.requireSame(workspace, other);

            Path layout = workspace.root().resolve("layout");
            skopeo.copyAll("docker://" + registry.host() + "/models/tiny:1", "oci:" + layout + ":tiny");
            assertThat(Files.readString(layout.resolve("index.json"))).contains(digest);
            assertThat(TestProject.contents(unpacked(layout, digest).resolve("models")))
                    .isEqualTo(TestProject.contents(TeamModel.origin(workspace)));

            String above = digest(push.property("cache.image", "above:1")
                    .property("cache.image.base", registry.host() + "/models/tiny:1")
                    .cache("push")
                    .property("cache.push.format", "image"));
            assertThat(skopeo.manifest("docker://" + registry.host() + "/models/above@" + above))
                    .contains("\"org.opencontainers.image.base.digest\":\"" + digest + "\"");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFolderIsCarriedInPartsOfAnArchiveAndWhatChangedOnTheWayIsRefused(MavenBuild maven, Workspace workspace)
            throws Exception {
        Path outbox = workspace.root().resolve("outbox");
        Path medium = Files.createDirectory(workspace.root().resolve("medium"));
        Path inbox = Files.createDirectory(workspace.root().resolve("inbox"));
        try (StandInHub hub = hub(workspace)) {
            TeamModel.fetch(maven, hub);
        }
        maven.cache("push")
                .property("cache.registry", outbox.toUri().toString())
                .run()
                .succeeded();
        String archive = "tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - -C " + outbox
                + " . | split -b 4M - models.tar. && sha256sum models.tar.* > models.sha256";
        shell(medium, archive);
        Path part = medium.resolve("models.tar.ab");
        byte[] whole = Files.readAllBytes(part);
        Files.write(part, Arrays.copyOf(whole, whole.length / 2)); // a copy that was killed
        assertThat(exitCode(medium, "sha256sum --check --quiet models.sha256")).isNotZero();
        shell(medium, archive);
        assertThat(Files.readAllBytes(part)).isEqualTo(whole);
        shell(medium, "sha256sum --check --quiet models.sha256 && cat models.tar.* | tar -xf - -C " + inbox);

        Workspace other = TeamModel.other(workspace);
        MavenBuild pull = maven.in(other)
                .property("cache.registry", inbox.toUri().toString())
                .property("cache.endpoint", TeamModel.NO_HUB);
        Path changed = largest(inbox);
        byte[] content = Files.readAllBytes(changed);
        content[content.length / 2] ^= 1;
        Files.write(changed, content);
        pull.cache("init", "pull").run().failedWith(MODEL, changed.getFileName().toString());
        assertThat(other.findAll(".cache/huggingface", "model.safetensors")).isEmpty();
        content[content.length / 2] ^= 1;
        Files.write(changed, content);
        pull.cache("pull", "verify").run().succeeded().says("Fetched " + MODEL);
        TeamModel.requireSame(workspace, other);
    }

    private static String digest(MavenBuild push) {
        BuildResult result = push.run().succeeded().says("image");
        Matcher digest = DIGEST.matcher(result.output());
        assertThat(digest.find()).as(result.output()).isTrue();
        return digest.group();
    }

    /** The files of an image's first platform, by tar. */
    private static Path unpacked(Path layout, String index) throws Exception {
        Path folder = Files.createDirectory(layout.resolveSibling("unpacked"));
        String manifest = blob(layout, digests(blob(layout, index)).get(0));
        for (String layer : digests(manifest.substring(manifest.indexOf("\"layers\"")))) {
            shell(folder, "tar -xf " + layout.resolve("blobs/sha256/" + layer.replace("sha256:", "")));
        }
        return folder;
    }

    private static String blob(Path layout, String digest) throws IOException {
        return Files.readString(layout.resolve("blobs/sha256/" + digest.replace("sha256:", "")));
    }

    private static List<String> digests(String json) {
        return Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})")
                .matcher(json)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void shell(Path folder, String command) throws Exception {
        assertThat(exitCode(folder, command)).as(command).isZero();
    }

    private static int exitCode(Path folder, String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertThat(said).as(command).doesNotContain("command not found");
        return code;
    }

    private static Path largest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.max((a, b) ->
                            Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }

    private static StandInHub hub(Workspace workspace) throws IOException {
        workspace.write(TeamModel.origin(workspace).resolve("sub/für.txt"), "ü");
        return TeamModel.hub(workspace, LARGE_BYTES);
    }
}
