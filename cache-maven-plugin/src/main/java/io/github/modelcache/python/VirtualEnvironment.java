package io.github.modelcache.python;

import io.github.modelcache.config.PythonEnvironment;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A Python virtual environment on the disk.
 *
 * @param entry as the config has it
 * @see <a href="https://docs.python.org/3/library/venv.html">Python's venv</a>
 */
public record VirtualEnvironment(PythonEnvironment entry) {

    private static final boolean WINDOWS = File.separatorChar == '\\';

    /** The folder of its programs. */
    public Path programs() {
        return entry.path().resolve(WINDOWS ? "Scripts" : "bin");
    }

    /** Its interpreter, which need not be there. */
    public Path interpreter() {
        return programs().resolve(WINDOWS ? "python.exe" : "python");
    }

    /** Whether its interpreter can be run, and nothing is missing that its creation was to install. */
    public boolean installed() {
        return Files.isRegularFile(interpreter()) && Files.isExecutable(interpreter()) && !isUnfinished();
    }

    /** Whether its creation was begun and not ended. A link is not our note: whoever made it, it is never written through. */
    boolean isUnfinished() {
        return Files.isRegularFile(unfinished(), LinkOption.NOFOLLOW_LINKS);
    }

    /** A file that is there while the environment is being created. */
    Path unfinished() {
        return entry.path().resolve(".cache-maven-plugin-unfinished");
    }
}
