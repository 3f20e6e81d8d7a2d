package io.github.modelcache.mojo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.apache.maven.execution.MavenSession;

/**
 * Standard output and error output, for what a user asked to be printed as it is. Maven 4 makes log lines of whatever
 * goes to {@code System.out}, which no shell and no program could read; there the streams of the process are used.
 *
 * @param out standard output
 * @param err standard error output
 */
record StandardStreams(PrintStream out, PrintStream err) {

    /** The streams of this build. */
    static StandardStreams of(MavenSession session) {
        String version = session.getSystemProperties().getProperty("maven.version", "3");
        if (version.startsWith("3.")) {
            return new StandardStreams(withoutReset(System.out), withoutReset(System.err));
        }
        System.out.flush();
        return new StandardStreams(raw(FileDescriptor.out), raw(FileDescriptor.err));
    }

    /**
     * Debian's Maven 3.8, and any other whose Jansi has no native library to load, takes a pipe for a terminal, and ends
     * its output with an escape sequence that resets the colours. Neither {@code eval} nor a reader of JSON can read
     * that. Jansi's stream has a switch for it; what is not Jansi's writes no such end.
     */
    static PrintStream withoutReset(PrintStream stream) {
        try {
            stream.getClass().getMethod("setResetAtUninstall", boolean.class).invoke(stream, false);
        } catch (ReflectiveOperationException notOfJansi) {
            return stream;
        }
        return stream;
    }

    private static PrintStream raw(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, Charset.defaultCharset());
    }
}
