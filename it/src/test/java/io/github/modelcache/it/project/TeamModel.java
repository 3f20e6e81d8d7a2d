package io.github.modelcache.it.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.it.maven.MavenBuild;
import io.github.modelcache.it.maven.Workspace;
import io.github.modelcache.testing.StandInHub;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Path;

/** A model of the hub that one machine of a team fetches, and others get without the hub. */
public final class TeamModel {

    /** Its reference. */
    public static final String REFERENCE = "hf:acme/tiny";

    /** An address at which no hub answers. */
    public static final String NO_HUB = "http://127.0.0.1:9/";

    private TeamModel() {}

    /** The folder with the files that the hub has. */
    public static Path origin(Workspace workspace) {
        return workspace.root().resolve("origin");
    }

    /** Starts a hub that has the model, with weights of this size, and declares it. */
    public static StandInHub hub(Workspace workspace, int bytes) throws IOException {
        Path origin = origin(workspace);
        workspace
                .write(origin.resolve("config.json"), "{\"hidden\": 4}")
                .write(origin.resolve("empty.txt"), "")
                .write(origin.resolve("model.safetensors"), "0123456789".repeat(bytes / 10))
                .write(Config.FILE, Config.empty().model(REFERENCE).toString());
        StandInHub hub = StandInHub.start();
        hub.add("acme/tiny", origin);
        return hub;
    }

    /** Fetches it from the hub. */
    public static void fetch(MavenBuild maven, StandInHub hub) {
        maven.cache("init", "download")
                .property("cache.endpoint", hub.endpoint().toString())
                .run()
                .succeeded();
    }

    /** Another machine with the same commit of the project. */
    public static Workspace other(Workspace workspace) {
        Workspace other = workspace.second();
        return other.write(Config.FILE, workspace.read(Config.FILE)).write(Config.LOCK, workspace.read(Config.LOCK));
    }

    /** Fails unless both machines have the same files of models of the hub. */
    public static void requireSame(Workspace one, Workspace other) throws IOException {
        String hub = ".cache/huggingface/hub";
        assertThat(TestProject.contents(other.file(hub))).isEqualTo(TestProject.contents(one.file(hub)));
    }
}
