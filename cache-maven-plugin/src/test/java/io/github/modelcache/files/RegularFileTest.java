package io.github.modelcache.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "pipes and devices are no files there")
class RegularFileTest {

    @TempDir
    Path folder;

    @Test
    void readsAFileAndFollowsALink() throws Exception {
        Path file = Files.writeString(folder.resolve("f"), "é\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(RegularFile.text(link, 3)).isEqualTo("é\n");
        assertThatThrownBy(() -> RegularFile.channel(link, LinkOption.NOFOLLOW_LINKS))
                .hasMessageContaining("it is a link, not a file");
    }

    @Test
    void opensNoPipeSocketDeviceOrFolder() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refuses(pipe, "it is a named pipe, not a file");
        refuses(Files.createSymbolicLink(folder.resolve("link"), pipe), "it is a named pipe");
        refuses(Path.of("/dev/zero"), "it is a device");
        refuses(folder, "it is a folder");
        Path name = Path.of("/tmp").resolve("s" + ProcessHandle.current().pid());
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(name));
            refuses(name, "it is a socket");
        } finally {
            Files.deleteIfExists(name);
        }
    }

    @Test
    void readsNothingThatIsTooLongOrNoText() throws Exception {
        Path file = Files.write(folder.resolve("f"), new byte[] {'a', (byte) 0xff, 'b'});
        assertThat(RegularFile.bytes(file, 3)).hasSize(3);
        assertThatThrownBy(() -> RegularFile.bytes(file, 2)).hasMessageContaining("it has more than 2 bytes");
        assertThatThrownBy(() -> RegularFile.text(file, 3)).hasMessage(file + ": it is not UTF-8 text");
        assertThatThrownBy(() -> RegularFile.bytes(folder.resolve("none"), 3)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void neitherHashesNorLocksAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> Hashing.digest(pipe, DigestAlgorithm.SHA256)).hasMessageContaining("a named pipe");
        assertThatThrownBy(() -> ProcessLock.acquire(pipe, () -> {})).hasMessageContaining("a named pipe");
        try (ProcessLock byName = ProcessLock.tryShutOut(pipe).orElseThrow();
                ProcessLock other = ProcessLock.tryAcquire(pipe).orElseThrow()) {
            assertThat(byName.exclusive()).isFalse();
            assertThat(other.exclusive()).isFalse();
        }
    }

    private static void refuses(Path file, String why) throws IOException {
        assertThatThrownBy(() -> RegularFile.stream(file))
                .isInstanceOf(FileSystemException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(why);
        assertThatThrownBy(() -> RegularFile.channel(file)).hasMessageContaining(why);
    }
}
