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
            return new StandardStreams(System.out, System.err);
        }
        System.out.flush();
        return new StandardStreams(raw(FileDescriptor.out), raw(FileDescriptor.err));
    }

    private static PrintStream raw(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, Charset.defaultCharset());
    }
}
