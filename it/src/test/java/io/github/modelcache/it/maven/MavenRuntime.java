package io.github.modelcache.it.maven;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One Maven on one JDK.
 *
 * @param maven Maven's version
 * @param jdk the JDK that it runs on
 */
record MavenRuntime(String maven, Jdk jdk) {

    static List<MavenRuntime> all() {
        List<MavenRuntime> all = new ArrayList<>();
        for (String maven : BuildSettings.mavenVersions()) {
            for (Jdk jdk : Jdks.underTest()) {
                all.add(new MavenRuntime(maven, jdk));
            }
        }
        List<MavenRuntime> wanted = all.stream()
                .filter(runtime -> runtime.maven().startsWith(BuildSettings.mavenFilter()))
                .filter(runtime -> BuildSettings.javaFilter().isEmpty()
                        || BuildSettings.javaFilter()
                                .equals(String.valueOf(runtime.jdk().feature())))
                .toList();
        if (wanted.isEmpty()) {
            throw new IllegalStateException("No pair of Maven and Java matches it.maven=" + BuildSettings.mavenFilter()
                    + ", it.java=" + BuildSettings.javaFilter() + "; there are " + all);
        }
        return wanted;
    }

    /** The oldest Maven on the oldest JDK, every other on the newest. */
    static List<MavenRuntime> eachMaven() {
        List<MavenRuntime> all = all();
        Map<String, MavenRuntime> chosen = new LinkedHashMap<>();
        for (MavenRuntime runtime : all) {
            if (chosen.isEmpty() || !runtime.maven().equals(all.get(0).maven())) {
                chosen.put(runtime.maven(), runtime); // the last one of each has the newest JDK
            }
        }
        return List.copyOf(chosen.values());
    }

    /** The pair for scenarios that do not depend on Maven: the newest 3.9 on JDK 17. */
    static List<MavenRuntime> usual() {
        List<MavenRuntime> all = all();
        return all.stream()
                .filter(runtime -> runtime.maven().equals(BuildSettings.mavenCurrent()))
                .findFirst()
                .map(List::of)
                .orElseGet(() -> List.of(all.get(0)));
    }

    Path mavenHome() {
        Path home = BuildSettings.distributions().resolve("apache-maven-" + maven);
        if (!Files.isDirectory(home)) {
            throw new IllegalStateException("Maven " + maven + " is not unpacked in " + home + "; run ./mvnw verify");
        }
        return home;
    }

    /** The local repository of this Maven version; two versions never write to one. */
    Path repository() {
        return BuildSettings.target().resolve("repository").resolve(maven);
    }

    @Override
    public String toString() {
        return "Maven " + maven + ", Java " + jdk.feature();
    }
}
