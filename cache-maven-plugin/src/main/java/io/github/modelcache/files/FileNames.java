package io.github.modelcache.files;

import io.github.modelcache.units.TextSanitizer;
import java.nio.file.InvalidPathException;

/** Explains why a name is not a valid file name on this system. */
public final class FileNames {

    private FileNames() {}

    /** The message for users. Java derives the encoding of file names from the locale of its start. */
    public static String message(InvalidPathException problem) {
        return message(problem, System.getProperty("sun.jnu.encoding", ""));
    }

    static String message(InvalidPathException problem, String encoding) {
        String name = "'" + TextSanitizer.text(problem.getInput()) + "'";
        boolean ascii = problem.getInput().chars().allMatch(c -> c < 0x80);
        return ascii || encoding.equalsIgnoreCase("UTF-8")
                ? name + " can't be a file name on this system: " + problem.getReason()
                : name + " can't be a file name in this Java, whose file names are in " + encoding
                        + ". Start Maven with a UTF-8 locale, for example with the environment variable LC_ALL=C.UTF-8";
    }
}
