package io.github.modelcache.it.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** oras, which pulls the files of any artifact. */
public final class Oras {

    private final Program program;

    /** An oras. */
    public Oras(Program program) {
        this.program = program;
    }

    /** Pulls each file of an artifact into a folder. */
    public void pull(String artifact, Path folder) throws IOException, InterruptedException {
        Process process = program.command(
                        List.of("pull", "--plain-http", "--no-tty", "--output", folder.toString(), artifact))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
