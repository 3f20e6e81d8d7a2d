package io.github.modelcache.it.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Finds the JDKs of this machine by the {@code release} file in each usual place. */
final class Jdks {

    private static final List<String> FOLDERS = List.of(
            "/usr/lib/jvm",
            "/opt/java",
            "/opt/hostedtoolcache/Java_Temurin-Hotspot_jdk",
            "/Library/Java/JavaVirtualMachines",
            "C:/Program Files/Eclipse Adoptium",
            "C:/Program Files/Java");

    private Jdks() {}

    /** JDK 17 and the newest one that is installed; only the running one where there is no 17. */
    static List<Jdk> underTest() {
        Jdk running = Jdk.running();
        List<Jdk> installed = installed(System.getenv(), Path.of(System.getProperty("user.home")));
        Jdk oldest = running.feature() == 17
                ? running
                : installed.stream()
                        .filter(jdk -> jdk.feature() == 17)
                        .findFirst()
                        .orElse(running);
        Jdk newest = installed.stream()
                .max(Comparator.comparingInt(Jdk::feature))
                .filter(jdk -> jdk.feature() > running.feature())
                .orElse(running);
        return oldest.feature() == newest.feature() ? List.of(oldest) : List.of(oldest, newest);
    }

    static List<Jdk> installed(Map<String, String> environment, Path home) {
        List<Path> candidates = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME") && !value.isBlank()) {
                path(value).ifPresent(candidates::add);
            }
        });
        candidates.addAll(children(home.resolve(".sdkman/candidates/java")));
        candidates.addAll(children(home.resolve(".jdks")));
        FOLDERS.forEach(folder -> path(folder).map(Jdks::children).ifPresent(candidates::addAll));
        List<Jdk> jdks = new ArrayList<>();
        for (Path candidate : candidates) {
            read(candidate)
                    .or(() -> read(candidate.resolve("Contents/Home")))
                    .or(() -> read(candidate.resolve("x64")))
                    .ifPresent(jdks::add);
        }
        return jdks;
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException notHere) {
            return Optional.empty();
        }
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(children::add);
            } catch (IOException unreadable) {
                return List.of();
            }
        }
        return children;
    }

    private static Optional<Jdk> read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isRegularFile(release) || !hasCompiler(home)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
            String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
            return Optional.of(new Jdk(Runtime.Version.parse(version).feature(), home));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean hasCompiler(Path home) {
        return Files.isExecutable(home.resolve("bin/javac")) || Files.isExecutable(home.resolve("bin/javac.exe"));
    }
}
