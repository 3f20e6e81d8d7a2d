package io.github.modelcache.mojo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.apache.maven.execution.MavenSession;

/**
 * Standard output and error output for results. Maven 4 turns {@code System.out} into log lines, so the streams of the
 * process are used there.
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

    /** Prints a result at once. */
    void print(String text) {
        out.print(text);
        out.flush();
    }

    /**
     * Without its native library, as in Debian's Maven 3.8, Jansi takes a pipe for a terminal and ends the output with an
     * escape sequence, which breaks {@code eval} and JSON. This switches that off.
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
