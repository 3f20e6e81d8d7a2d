package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.GitHubArchive;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.TeamModel;
import io.github.modelcache.it.registry.Certificate;
import io.github.modelcache.it.registry.DistributionRegistry;
import io.github.modelcache.it.registry.Modctl;
import io.github.modelcache.it.registry.Oras;
import io.github.modelcache.it.registry.Program;
import io.github.modelcache.it.registry.Programs;
import io.github.modelcache.it.registry.ProgramsExtension;
import io.github.modelcache.it.registry.Skopeo;
import io.github.modelcache.it.registry.ZotRegistry;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.RepositoryZip;
import io.github.modelcache.testing.StandInHub;
import io.github.modelcache.testing.StandInRegistry;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** One machine fetches and pushes; another, with an empty cache, pulls. */
@ExtendWith(ProgramsExtension.class)
class RegistryIT {

    private static final String MODEL = TeamModel.REFERENCE;
    private static final int BYTES = 200_000;

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFolderServesTheTeam(MavenBuild maven, Workspace workspace) throws Exception {
        String registry = workspace.root().resolve("nas").toUri().toString();
        try (StandInHub hub = TeamModel.hub(workspace, BYTES)) {
            TeamModel.fetch(maven, hub);
            maven.cache("push")
                    .property("cache.registry", registry)
                    .property("cache.dryRun", "true")
                    .run()
                    .succeeded()
                    .says("Would push " + MODEL);
            assertThat(workspace.root().resolve("nas")).doesNotExist();
            maven.cache("push")
                    .property("cache.registry", registry)
                    .run()
                    .succeeded()
                    .says("Pushed " + MODEL, "Wrote config/models.lock.json");
        }
        Workspace other = TeamModel.other(workspace);
        maven.in(other)
                .cache("init", "pull", "verify")
                .property("cache.registry", registry)
                .property("cache.endpoint", TeamModel.NO_HUB)
                .run()
                .succeeded()
                .says("Fetched " + MODEL);
        TeamModel.requireSame(workspace, other);
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aRegistryServesTheTeam(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                StandInRegistry registry = StandInRegistry.start().wantsTokens("runner", "hunter2")) {
            String address = registry.host() + "/team/models";
            MavenBuild known = maven.server(registry.host(), "runner", "hunter2");
            TeamModel.fetch(maven, hub);
            maven.cache("push")
                    .property("cache.registry", address)
                    .run()
                    .failedWith(registry.host(), "401", "docker login")
                    .neverSays("hunter2");
            known.cache("push")
                    .property("cache.registry", address)
                    .run()
                    .succeeded()
                    .neverSays("hunter2");
            registry.forget();
            known.cache("push")
                    .property("cache.registry", address)
                    .run()
                    .succeeded()
                    .says(MODEL + " is in ", "already");
            assertThat(registry.requests("PUT")).isEmpty();

            hub.forget();
            Workspace other = TeamModel.other(workspace);
            other.write(
                    Config.FILE,
                    Config.empty()
                            .member("registry", "\"" + address + "\"")
                            .model(MODEL)
                            .toString());
            known.in(other)
                    .cache("init", "download", "verify")
                    .property("cache.endpoint", hub.endpoint().toString())
                    .run()
                    .succeeded();
            assertThat(hub.requests()).isEmpty();
            TeamModel.requireSame(workspace, other);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aRegistryThatIsDownIsAWarningUnlessNobodyElseMayBeAsked(MavenBuild maven, Workspace workspace)
            throws Exception {
        String down = "127.0.0.1:" + freePort() + "/models";
        try (StandInHub hub = TeamModel.hub(workspace, BYTES)) {
            MavenBuild build = maven.property("cache.registry", down)
                    .property("cache.endpoint", hub.endpoint().toString());
            build.cache("init", "download")
                    .property("cache.registry.only", "true")
                    .run()
                    .failedWith(MODEL, "only the registry may be asked", ":lock");
            build.cache("init", "lock").run().succeeded();
            hub.forget();
            build.cache("download")
                    .property("cache.registry.only", "true")
                    .run()
                    .failedWith(MODEL, "can't be pulled", down.substring(0, down.indexOf('/')));
            assertThat(hub.requests()).isEmpty();
            build.cache("download", "verify")
                    .run()
                    .succeeded()
                    .says("The registry " + down + " can't be used", "Fetched " + MODEL);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aRegistryThatIsNotNamedOrWronglyIsAClearError(MavenBuild maven, Workspace workspace) throws Exception {
        workspace.write(Config.FILE, Config.empty().toString());
        maven.cache("push").run().failedWith("No registry is named", "-Dcache.registry=");
        maven.cache("pull").run().failedWith("No registry is named", "-Dcache.registry=");
        maven.cache("pull")
                .property("cache.registry", "https://me:hunter2@example.com/x")
                .run()
                .failedWith("settings.xml")
                .neverSays("cache.registry is");
        maven.cache("push")
                .offline()
                .property("cache.registry", "http://127.0.0.1:9/team")
                .run()
                .failedWith("Maven is offline (-o)", "127.0.0.1:9/team", "run it again without -o");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void modelsOfEveryKindAreShared(MavenBuild maven, Workspace workspace) throws Exception {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        byte[] weights = ModelContent.of(1, 200_000);
        byte[] zip = new RepositoryZip(commit)
                .add("hubconf.py", "dependencies = ['torch']\n")
                .add("src/data/vad.onnx", weights)
                .bytes();
        try (FaultyServer server = new FaultyServer();
                StandInRegistry registry = StandInRegistry.start()) {
            GitHubArchive.serve(server, "acme/vad", "main", commit, FaultyServer.content(zip));
            server.on("/m.bin", FaultyServer.content(weights));
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .member("mirrors", "{ \"https://github.com/\": \"" + server.uri("/github.com/") + "\" }")
                            .model("torchhub:acme/vad")
                            .url(server.uri("/m.bin"), ModelContent.sha256(weights), "any/m.bin")
                            .toString());
            MavenBuild build = maven.property("cache.registry", registry.host() + "/team");
            maven.cache("init", "download").run().succeeded();
            build.cache("push").run().succeeded().says("Pushed torchhub:acme/vad", "Pushed url:");
            int requests = server.requests().size();

            Workspace other = TeamModel.other(workspace);
            build.in(other).cache("init", "pull", "verify").run().succeeded();

            assertThat(server.requests()).hasSize(requests);
            for (String root : List.of(".cache/torch", ".cache/models")) {
                assertThat(TestProject.contents(other.file(root)))
                        .isNotEmpty()
                        .isEqualTo(TestProject.contents(workspace.file(root)));
            }
        }
    }

    @MavenBuildTest(on = On.EACH_MAVEN)
    void theKeyStandsForTheLock(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = TeamModel.hub(workspace, BYTES)) {
            maven.cache("key").run().failedWith(MODEL, ":lock");
            TeamModel.fetch(maven, hub);
        }
        Path output = workspace.root().resolve("outputs");
        String first = maven.cache("key").with("-q").run().succeeded().output();
        assertThat(first)
                .containsPattern("model-cache-[a-z]+-[a-z0-9_]+-(cpu|cuda|mps)-[0-9a-f]{16}")
                .contains(".cache/huggingface");
        assertThat(maven.cache("key").with("-q").run().succeeded().output()).isEqualTo(first);
        maven.cache("key").property("cache.format", "github").run().failedWith("GITHUB_OUTPUT");
        maven.cache("key")
                .property("cache.format", "github")
                .env("GITHUB_OUTPUT", output.toString())
                .run()
                .succeeded();
        assertThat(Files.readString(output)).startsWith("key=model-cache-").contains("\nrestore-keys=", "\npath<<");
    }

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void theRegistryOfDistributionServesTheTeam(MavenBuild maven, Workspace workspace, Programs programs)
            throws Exception {
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            TeamModel.fetch(maven, hub);
            String address = registry.host() + "/team/models";
            maven.cache("push")
                    .property("cache.registry", address)
                    .run()
                    .succeeded()
                    .says("Pushed " + MODEL);
            maven.cache("push")
                    .property("cache.registry", address)
                    .run()
                    .succeeded()
                    .says("already");
            Workspace other = TeamModel.other(workspace);
            maven.in(other)
                    .cache("init", "pull", "verify")
                    .property("cache.registry", address)
                    .property("cache.endpoint", TeamModel.NO_HUB)
                    .run()
                    .succeeded();
            TeamModel.requireSame(workspace, other);
        }
    }

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aRegistryWithPasswordsAndACertificateOfItsOwnServesTheTeam(
            MavenBuild maven, Workspace workspace, Programs programs) throws Exception {
        Certificate certificate = Certificate.make(workspace.root());
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                DistributionRegistry registry = DistributionRegistry.startSecured(
                        programs.require(Programs.REGISTRY), workspace.root(), certificate)) {
            TeamModel.fetch(maven, hub);
            String host = registry.host().replace("127.0.0.1", "localhost");
            MavenBuild build = maven.property("cache.registry", "https://" + host + "/team")
                    .server(host, "runner", "hunter2");
            build.cache("push").run().failedWith(host, "no secure connection", "trust store");
            MavenBuild trusting = build.jvm("-XX:TieredStopAtLevel=1 " + certificate.jvmOptions());
            trusting.cache("push").run().succeeded().says("Pushed " + MODEL).neverSays("hunter2");
            Workspace other = TeamModel.other(workspace);
            trusting.in(other).cache("init", "pull", "verify").run().succeeded();
            TeamModel.requireSame(workspace, other);
        }
    }

    /** More than one manifest can name. The contents are few, because a registry takes milliseconds for each. */
    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aModelOfTwelveThousandFilesIsShared(MavenBuild maven, Workspace workspace, Programs programs)
            throws Exception {
        Program skopeo = programs.require(Programs.SKOPEO);
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            for (int i = 0; i < 12_000; i++) {
                workspace.write(
                        workspace
                                .root()
                                .resolve("origin/data-" + i / 1000 + "/some-longer-name-of-a-file-" + i + ".txt"),
                        "content " + i % 50);
            }
            String tag = hub.add("acme/tiny", workspace.root().resolve("origin"));
            TeamModel.fetch(maven, hub);
            MavenBuild build = maven.property("cache.registry", registry.host());
            build.cache("push").run().succeeded().says("Pushed " + MODEL);
            build.cache("push").run().succeeded().says("already");
            String index = new Skopeo(skopeo, workspace.root())
                    .manifest("docker://" + registry.host() + "/hf/acme/tiny:" + tag);
            assertThat(index).contains("image.index.v1+json");
            assertThat(workspace.read(Config.LOCK)).contains(sha256(index));
            Workspace other = TeamModel.other(workspace);
            build.in(other)
                    .cache("init", "pull", "verify")
                    .property("cache.endpoint", TeamModel.NO_HUB)
                    .run()
                    .succeeded();
            TeamModel.requireSame(workspace, other);
        }
    }

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void skopeoCopiesAModelWithItsDigest(MavenBuild maven, Workspace workspace, Programs programs) throws Exception {
        Path nas = workspace.root().resolve("nas");
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            TeamModel.fetch(maven, hub);
            maven.cache("push")
                    .property("cache.registry", nas.toUri().toString())
                    .run()
                    .succeeded();
            String tag = hub.add("acme/tiny", workspace.root().resolve("origin"));
            String model = "docker://" + registry.host() + "/hf/acme/tiny:" + tag;
            Skopeo skopeo = new Skopeo(programs.require(Programs.SKOPEO), workspace.root());
            skopeo.copy("oci:" + nas + ":hf/acme/tiny:" + tag, model);
            assertThat(workspace.read(Config.LOCK)).contains(sha256(skopeo.manifest(model)));

            // The lock has the digest of the folder's manifest; the registry is asked by it.
            Workspace other = TeamModel.other(workspace);
            maven.in(other)
                    .cache("init", "pull", "verify")
                    .property("cache.registry", registry.host())
                    .run()
                    .succeeded();
            TeamModel.requireSame(workspace, other);
            maven.cache("push")
                    .property("cache.registry", registry.host())
                    .run()
                    .succeeded()
                    .says(MODEL + " is in ", "already");
        }
    }

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void orasPullsTheVeryFiles(MavenBuild maven, Workspace workspace, Programs programs) throws Exception {
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            TeamModel.fetch(maven, hub);
            maven.cache("push")
                    .property("cache.registry", registry.host())
                    .run()
                    .succeeded();
            String tag = hub.add("acme/tiny", workspace.root().resolve("origin"));
            Path pulled = workspace.root().resolve("pulled");
            new Oras(programs.require(Programs.ORAS)).pull(registry.host() + "/hf/acme/tiny:" + tag, pulled);

            assertThat(TestProject.contents(pulled)).isEqualTo(layers(workspace));
        }
    }

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void modctlUnpacksAModel(MavenBuild maven, Workspace workspace, Programs programs) throws Exception {
        Program program = programs.require(Programs.MODCTL);
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                DistributionRegistry registry =
                        DistributionRegistry.start(programs.require(Programs.REGISTRY), workspace.root())) {
            TeamModel.fetch(maven, hub);
            maven.cache("push")
                    .property("cache.registry", registry.host())
                    .run()
                    .succeeded();
            String tag = hub.add("acme/tiny", workspace.root().resolve("origin"));
            Path unpacked = workspace.root().resolve("unpacked");
            new Modctl(program, workspace.root().resolve("modctl"))
                    .unpack(registry.host() + "/hf/acme/tiny:" + tag, unpacked);

            assertThat(TestProject.contents(unpacked)).isEqualTo(layers(workspace));
        }
    }

    @Tag("registry")
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void zotServesTheTeam(MavenBuild maven, Workspace workspace, Programs programs) throws Exception {
        Program program = programs.require(Programs.ZOT);
        try (StandInHub hub = TeamModel.hub(workspace, BYTES);
                ZotRegistry registry = ZotRegistry.start(program, workspace.root())) {
            TeamModel.fetch(maven, hub);
            MavenBuild build = maven.property("cache.registry", registry.host());
            build.cache("push").run().succeeded().says("Pushed " + MODEL);
            build.cache("push").run().succeeded().says("already");
            Workspace other = TeamModel.other(workspace);
            build.in(other)
                    .cache("init", "pull", "verify")
                    .property("cache.endpoint", TeamModel.NO_HUB)
                    .run()
                    .succeeded();
            TeamModel.requireSame(workspace, other);
        }
    }

    /** The files that have a layer. */
    private static Map<String, String> layers(Workspace workspace) throws IOException {
        Map<String, String> files = new TreeMap<>(TestProject.contents(TeamModel.origin(workspace)));
        files.remove("empty.txt");
        return files;
    }

    private static String sha256(String text) {
        return Hashing.digest(text.getBytes(StandardCharsets.UTF_8), DigestAlgorithm.SHA256)
                .toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
