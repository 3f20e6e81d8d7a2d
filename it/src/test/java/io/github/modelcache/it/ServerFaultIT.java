package io.github.modelcache.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.BuildResult;
import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.MavenBuildTest;
import io.github.modelcache.it.maven.MavenBuildTest.On;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.it.project.Config;
import io.github.modelcache.it.project.ModelContent;
import io.github.modelcache.it.project.TinyModel;
import io.github.modelcache.testing.FaultyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Servers that fail, lie and send the client elsewhere. */
class ServerFaultIT {

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aMissingFileIsNamedWithItsAddress(MavenBuild maven, Workspace workspace) {
        fails(maven, workspace, FaultyServer.status(404), "404");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aServerErrorIsNamedWithItsStatus(MavenBuild maven, Workspace workspace) {
        fails(maven, workspace, FaultyServer.status(500), "500");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aWrongDigestIsNamedWithBothDigests(MavenBuild maven, Workspace workspace) {
        byte[] wrong = ModelContent.flipped(ModelContent.of(7, 48_000));
        fails(maven, workspace, FaultyServer.content(wrong), ModelContent.sha256(wrong));
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aBodyThatNeverEndsAsAnnouncedIsAnError(MavenBuild maven, Workspace workspace) {
        fails(maven, workspace, FaultyServer.cutAfter(ModelContent.of(7, 48_000), 24_000), "48000");
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aPageInPlaceOfAModelIsAnError(MavenBuild maven, Workspace workspace) {
        byte[] page = "<!DOCTYPE html><html><body>Sign in</body></html>".getBytes(StandardCharsets.UTF_8);
        fails(maven, workspace, FaultyServer.content(page), ModelContent.sha256(page));
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aRedirectLoopEnds(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.server()
                    .on(
                            "/" + TinyModel.NAME,
                            FaultyServer.redirect(
                                    302, model.server().uri("/other").toString()))
                    .on(
                            "/other",
                            FaultyServer.redirect(
                                    302,
                                    model.server().uri("/" + TinyModel.NAME).toString()));
            workspace.write(Config.FILE, model.config().toString());

            maven.cache("init", "download").run().failedWith("redirect", TinyModel.NAME);

            assertThat(model.server().requests()).hasSizeLessThan(60);
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aServerThatAsksForPatienceIsAskedAgain(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.server()
                    .on(
                            "/" + TinyModel.NAME,
                            FaultyServer.status(429, "Retry-After: 1"),
                            FaultyServer.content(model.content()));
            workspace.write(Config.FILE, model.config().toString());

            maven.cache("init", "download").run().succeeded();

            assertThat(workspace.find(".cache", TinyModel.NAME)).hasBinaryContent(model.content());
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aConnectionCutInTheMiddleIsResumed(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            model.server()
                    .on(
                            "/" + TinyModel.NAME,
                            FaultyServer.cutAfter(model.content(), model.content().length / 2),
                            FaultyServer.content(model.content()));
            workspace.write(Config.FILE, model.config().toString());

            maven.cache("init", "download").run().succeeded();

            assertThat(workspace.find(".cache", TinyModel.NAME)).hasBinaryContent(model.content());
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void credentialsStayWithTheHostTheyAreFor(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start();
                FaultyServer other = new FaultyServer()) {
            other.on("/" + TinyModel.NAME, FaultyServer.content(model.content()));
            model.server()
                    .on(
                            "/" + TinyModel.NAME,
                            FaultyServer.redirect(
                                    302,
                                    other.uri("localhost", "/" + TinyModel.NAME).toString()));
            URI original = URI.create("https://models.example.org/" + TinyModel.NAME);
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .member(
                                    "mirrors",
                                    "{ \"https://models.example.org/\": \"%s\" }"
                                            .formatted(model.server().uri("/")))
                            .url(original, model.sha256(), "vad/" + TinyModel.NAME)
                            .toString());

            maven.server("127.0.0.1", "reader", "s3cret-word")
                    .cache("init", "download")
                    .run()
                    .succeeded()
                    .neverSays("s3cret-word");

            String expected = "Basic "
                    + Base64.getEncoder().encodeToString("reader:s3cret-word".getBytes(StandardCharsets.UTF_8));
            assertThat(model.server().requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.headers()).containsEntry("authorization", expected));
            assertThat(other.requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("authorization"));
            assertThat(workspace.read(Config.LOCK))
                    .contains(original.toString())
                    .doesNotContain("127.0.0.1");
        }
    }

    @MavenBuildTest(on = On.THE_USUAL_PAIR)
    void aFileWithoutAKnownDigestIsRecordedInTheLock(MavenBuild maven, Workspace workspace) {
        try (TinyModel model = TinyModel.start()) {
            workspace.write(
                    Config.FILE,
                    Config.empty()
                            .url(model.server().uri("/" + TinyModel.NAME), TinyModel.NAME)
                            .toString());
            maven.cache("init", "lock").run().succeeded();
            assertThat(workspace.read(Config.LOCK)).contains(model.sha256());

            byte[] other = ModelContent.flipped(model.content());
            model.server().on("/" + TinyModel.NAME, FaultyServer.content(other));
            // Whatever lock kept, the cache is to be filled from the server again.
            workspace.findAll(".cache", TinyModel.NAME).forEach(ServerFaultIT::delete);

            BuildResult build = maven.cache("download").run().failedWith(TinyModel.NAME);
            assertThat(build.errors()).contains(model.sha256(), ModelContent.sha256(other));
            assertThat(workspace.findAll(".cache", TinyModel.NAME)).isEmpty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fails(MavenBuild maven, Workspace workspace, FaultyServer.Reply answer, String text) {
        try (TinyModel model = TinyModel.start()) {
            model.server().on("/" + TinyModel.NAME, answer);
            workspace.write(Config.FILE, model.config().toString());

            maven.cache("init", "download")
                    .run()
                    .failedWith(text, model.server().uri("/" + TinyModel.NAME).toString());

            assertThat(workspace.findAll(".cache", TinyModel.NAME)).isEmpty();
        }
    }
}
