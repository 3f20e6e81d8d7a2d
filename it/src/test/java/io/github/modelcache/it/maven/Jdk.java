package io.github.modelcache.it.maven;

import java.nio.file.Path;

/**
 * An installed JDK.
 *
 * @param feature its feature release, such as 17
 * @param home its {@code JAVA_HOME}
 */
record Jdk(int feature, Path home) {

    static Jdk running() {
        return new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
    }
}
