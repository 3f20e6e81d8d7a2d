package io.github.modelcache.it.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** A Maven repository in a folder. */
public final class ModelRepository {

    /** The version of artifacts that only their POM is published of. */
    public static final String VERSION = "0.0.0-it";

    private final Path folder;

    /** A repository in that folder. */
    public ModelRepository(Path folder) {
        this.folder = folder;
    }

    /** Its address. */
    public URI uri() {
        return folder.toUri();
    }

    /** The folder that it lies in. */
    public Path folder() {
        return folder;
    }

    /**
     * Publishes a jar under a group that no local repository has seen.
     *
     * @return its reference, {@code maven:group:artifact:version}
     */
    public String publish(byte[] jar) {
        String group = "org.example.g" + UUID.randomUUID().toString().replace("-", "");
        String pom = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>%s</groupId>
              <artifactId>tiny</artifactId>
              <version>1</version>
            </project>
            """.formatted(group);
        Path versions = folder.resolve(group.replace('.', '/')).resolve("tiny/1");
        write(versions.resolve("tiny-1.jar"), jar);
        write(versions.resolve("tiny-1.pom"), pom.getBytes(StandardCharsets.UTF_8));
        return "maven:" + group + ":tiny:1";
    }

    /** Publishes the POM of an artifact, with its dependencies in XML. */
    public void publish(String group, String artifact, String dependencies) {
        String pom = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>%s</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
              <dependencies>%s</dependencies>
            </project>
            """.formatted(group, artifact, VERSION, dependencies);
        Path place = folder.resolve(group.replace('.', '/')).resolve(artifact).resolve(VERSION);
        write(place.resolve(artifact + "-" + VERSION + ".pom"), pom.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            String digest =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
            Files.writeString(file.resolveSibling(file.getFileName() + ".sha1"), digest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
