package io.github.modelcache.mojo;

import io.github.modelcache.files.FileNames;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.mojo.maven.CommandHints;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.maven.plugin.MojoExecutionException;

/** The failure of a goal as Maven prints it: with safe text and the commands of this build. */
final class GoalFailure {

    private GoalFailure() {}

    static MojoExecutionException of(Exception cause, Path projectRoot, CommandHints commands) {
        String message = message(cause, projectRoot);
        String shown = TextSanitizer.lines(commands.apply(message));
        Throwable known = TextSanitizer.failure(cause);
        if (shown.equals(message) && known == cause && !(cause instanceof FileSystemException)) {
            return new MojoExecutionException(shown, cause);
        }
        // Maven would append the message of the cause, with unsafe text or the wrong command.
        MojoExecutionException failure = new MojoExecutionException(shown);
        failure.addSuppressed(known);
        return failure;
    }

    private static String message(Exception cause, Path projectRoot) {
        if (cause instanceof IOException problem) {
            return IoErrors.message(problem, projectRoot);
        }
        return cause instanceof InvalidPathException problem
                ? FileNames.message(problem)
                : String.valueOf(cause.getMessage());
    }
}
