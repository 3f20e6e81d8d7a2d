package io.github.modelcache.it.maven;

import io.github.modelcache.it.project.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The classes of a build, as the JVM has read and verified them once: the builds of the scenarios are short, and spend a
 * sixth of their time on that. The JVM reads a class itself where its bytes are not those of the archive.
 *
 * @param file where it lies
 * @see <a href="https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html">Class Data Sharing</a>
 */
record ClassArchive(Path file) {

    static ClassArchive of(MavenRuntime runtime) {
        String name = runtime.maven() + "-" + runtime.jdk().feature() + ".jsa";
        return new ClassArchive(BuildSettings.target().resolve("class-archives").resolve(name));
    }

    /** The option with which a JVM uses it; none where it has not been made, or can't be named in {@code MAVEN_OPTS}. */
    String option() {
        return Files.isRegularFile(file) && canBeNamed() ? " -XX:SharedArchiveFile=" + file : "";
    }

    /** Makes it anew, in a build that runs most of the goals. */
    void make(MavenRuntime runtime) {
        if (!canBeNamed()) {
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

    private boolean canBeNamed() {
        return file.toString().indexOf(' ') < 0;
    }
}
