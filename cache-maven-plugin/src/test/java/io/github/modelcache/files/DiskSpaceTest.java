package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    Path folder;

    @Test
    void asksTheNearestExistingFolder() throws Exception {
        assertThat(DiskSpace.usable(folder.resolve("not/yet/there"))).isPositive();
    }

    @Test
    void recognizesAFullDisk() {
        assertThat(DiskSpace.isFull(new IOException("No space left on device"), folder))
                .isTrue();
        assertThat(DiskSpace.isFull(new FileSystemException("/x", null, "No space left on device"), folder))
                .isTrue();
        assertThat(DiskSpace.isFull(new IOException("write", new IOException("Disk quota exceeded")), folder))
                .isTrue();
        assertThat(DiskSpace.isFull(new IOException("There is not enough space on the disk"), folder))
                .isTrue();
        assertThat(DiskSpace.isFull(new FileSystemException("/x", null, "Permission denied"), folder))
                .isFalse();
        assertThat(DiskSpace.isFull(new IOException(), folder)).isFalse();
    }
}
