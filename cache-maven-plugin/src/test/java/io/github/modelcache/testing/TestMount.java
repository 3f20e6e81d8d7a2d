package io.github.modelcache.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A mount that ends with the test, which is skipped where this user may not mount. */
public final class TestMount implements AutoCloseable {

    private final Path point;

    private TestMount(Path point) {
        this.point = point;
    }

    /** Shows a folder or file at a second place too, as a Docker volume is shown in a container. */
    public static TestMount bind(Path from, Path point) throws IOException {
        if (Files.isDirectory(from)) {
            Files.createDirectories(point);
        }
        return mount(point, "mount", "--bind", from.toString(), point.toString());
    }

    /** Shows a folder in which changes lie in a layer above, as in a container. */
    public static TestMount overlay(Path lower, Path layers, Path point) throws IOException {
        Path upper = Files.createDirectories(layers.resolve("upper"));
        Path work = Files.createDirectories(layers.resolve("work"));
        Files.createDirectories(point);
        String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
        return mount(point, "mount", "-t", "overlay", "overlay", "-o", options, point.toString());
    }

    private static TestMount mount(Path point, String... command) throws IOException {
        assumeTrue(SmallDisk.run(command), "needs a mount");
        return new TestMount(point);
    }

    @Override
    public void close() throws IOException {
        if (!SmallDisk.run("umount", point.toString())) {
            throw new IOException("umount " + point + " failed");
        }
    }
}
