package io.github.modelcache.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that run as somebody whom the file system's permissions bind, which those of root do not. */
public final class Unprivileged {

    private static final String EVERYTHING = "-dac_override,-dac_read_search";

    private Unprivileged() {}

    /**
     * Runs a class of the tests and returns what it prints; the test is skipped where permissions bind nobody.
     *
     * @param closed a file or folder that its owner may not read
     */
    public static String run(Path closed, Class<?> main, String... arguments) throws Exception {
        boolean bound = !Files.isReadable(closed);
        List<String> command = new ArrayList<>();
        if (!bound) {
            command.addAll(List.of("setpriv", "--inh-caps", EVERYTHING, "--bounding-set", EVERYTHING));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException noSuchProgram) {
            assumeTrue(false, "This user reads everything, and there is no setpriv");
            throw noSuchProgram;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0 || bound, "setpriv does not work here: " + said);
        return said;
    }
}
