package io.github.modelcache.python;

import io.github.modelcache.config.PythonEnvironment;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A Python virtual environment on the disk.
 *
 * @see <a href="https://docs.python.org/3/library/venv.html">Python's venv</a>
 */
public record VirtualEnvironment(PythonEnvironment entry) {

    private static final boolean WINDOWS = File.separatorChar == '\\';

    /** The folder of its programs. */
    public Path programs() {
        return entry.path().resolve(WINDOWS ? "Scripts" : "bin");
    }

    /** Its interpreter, which need not exist. */
    public Path interpreter() {
        return programs().resolve(WINDOWS ? "python.exe" : "python");
    }

    /** Whether its interpreter is executable and its creation finished. */
    public boolean installed() {
        return Files.isRegularFile(interpreter()) && Files.isExecutable(interpreter()) && !isUnfinished();
    }

    /** Whether its creation did not finish. A link is not our marker and is never written through. */
    boolean isUnfinished() {
        return Files.isRegularFile(unfinished(), LinkOption.NOFOLLOW_LINKS);
    }

    /** The marker file of a creation in progress. */
    Path unfinished() {
        return entry.path().resolve(".cache-maven-plugin-unfinished");
    }
}
