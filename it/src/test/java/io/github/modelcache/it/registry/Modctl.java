package io.github.modelcache.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** modctl, ModelPack's own client. */
public final class Modctl {

    private final Program program;
    private final Path storage;

    /**
     * A modctl.
     *
     * @param storage where it may put files
     */
    public Modctl(Program program, Path storage) {
        this.program = program;
        this.storage = storage;
    }

    /** Pulls a model and unpacks it into a folder. */
    public void unpack(String artifact, Path folder) throws IOException, InterruptedException {
        Process process = program.command(List.of(
                        "pull",
                        "--plain-http",
                        "--no-progress",
                        "--storage-dir",
                        storage.toString(),
                        "--log-dir",
                        storage.toString(),
                        "--extract-from-remote",
                        "--extract-dir",
                        folder.toString(),
                        artifact))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
