package io.github.modelcache.it.maven;

import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The classes of a build, as the JVM has read and verified them once: the builds of the scenarios are short, and spend a
 * sixth of their time on that. The JVM reads a class itself where its bytes are not those of the archive. Only Java 17 has
 * one: Java 25 prints what it does not like about an archive, into what scenarios read.
 *
 * @param file where it lies
 * @param wanted whether it is of use and can be named in {@code MAVEN_OPTS}, which knows no quotes
 * @see <a href="https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html">Class Data Sharing</a>
 */
record ClassArchive(Path file, boolean wanted) {

    private static final int SILENT = 17;

    static ClassArchive of(MavenRuntime runtime) {
        String name = runtime.maven() + "-" + runtime.jdk().feature() + ".jsa";
        Path file = BuildSettings.target().resolve("class-archives").resolve(name);
        return new ClassArchive(
                file, runtime.jdk().feature() == SILENT && file.toString().indexOf(' ') < 0);
    }

    /** The option with which a JVM uses it; none where it has not been made. */
    String option() {
        return wanted && Files.isRegularFile(file) ? " -XX:SharedArchiveFile=" + file : "";
    }

    /** Makes it anew where it is wanted, in a build that runs most of the goals. */
    void make(MavenRuntime runtime) {
        if (!wanted) {
            return;
        }
        Workspace workspace =
                Workspace.create().write(Config.FILE, Config.empty().toString());
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(file);
            MavenBuild build = MavenBuild.of(runtime, workspace);
            build.jvm(build.jvm() + " -XX:ArchiveClassesAtExit=" + file)
                    .cache("init", "lock", "download", "verify", "status", "migrate", "clean")
                    .run()
                    .succeeded();
            workspace.delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
