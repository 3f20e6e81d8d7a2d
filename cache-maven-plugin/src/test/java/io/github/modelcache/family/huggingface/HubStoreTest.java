package io.github.modelcache.family.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class HubStoreTest {

    private static final String NAME = "ab" + "0".repeat(62);

    @TempDir
    Path root;

    private HubStore store;
    private Path content;
    private Path blob;

    @BeforeEach
    void create() throws IOException {
        store = new HubStore(root);
        content = root.resolve("blobs/ab").resolve(NAME);
        blob = root.resolve("models--acme--tiny/blobs/x");
        Files.createDirectories(root.resolve("blobs/ab"));
        Files.createDirectories(root.resolve("models--acme--tiny/blobs"));
        Files.writeString(root.resolve("blobs/.huggingface-shared-blobs"), "");
        Files.writeString(content, "bytes");
        Files.createSymbolicLink(blob, Path.of("../../blobs/ab", NAME));
        users("models--acme--tiny/blobs/x\n");
    }

    private void users(String text) throws IOException {
        Files.writeString(HubStore.users(content), text);
    }

    @Test
    void onlyAFolderWithTheMarkerIsAStore() throws IOException {
        assertThat(store.exists()).isTrue();
        assertThat(store.folder()).isEqualTo(root.resolve("blobs"));
        Files.delete(root.resolve("blobs/.huggingface-shared-blobs"));
        assertThat(store.exists()).isFalse();
        assertThat(store.contents()).isEmpty();
    }

    @Test
    void listsContentsAndNothingBeside() throws IOException {
        Files.createDirectories(root.resolve("blobs/abc"));
        Files.writeString(root.resolve("blobs/abc").resolve(NAME), "on no shelf");
        Files.writeString(root.resolve("blobs/cd"), "no shelf");
        Files.createDirectories(root.resolve("blobs/ab").resolve("f".repeat(64)));
        assertThat(store.contents()).containsExactly(content);
    }

    @Test
    void aBlobIsFreeWhenItsLastLinkIsDeleted() {
        assertThat(HubStore.leadsTo(blob, content)).isTrue();
        assertThat(HubStore.leadsTo(content, content)).isFalse();
        assertThat(store.isFree(content, Set.of(), Set.of())).isFalse();
        assertThat(store.isFree(content, Set.of(), Set.of(blob))).isTrue();
        assertThat(store.isFree(content, Set.of(content), Set.of(blob))).isFalse();
    }

    @Test
    void unreadableFoldersOfBlobsAreAnError() throws IOException {
        Files.writeString(root.resolve("notes--mine.txt"), "no repository");
        Files.createDirectories(root.resolve("models--acme--begun"));
        assertThat(store.linked(Set.of())).containsExactly(content);
        Path loop = root.resolve("models--acme--begun/blobs");
        Files.createSymbolicLink(loop, loop);
        assertThatThrownBy(() -> store.linked(Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("models--acme--begun");
    }

    @Test
    void aLinkThatLeadsElsewhereDoesNotCount() throws IOException {
        Files.delete(blob);
        assertThat(store.isFree(content, Set.of(), Set.of())).isTrue();
        Files.createSymbolicLink(blob, Path.of("elsewhere"));
        assertThat(store.isFree(content, Set.of(), Set.of())).isTrue();
    }

    @Test
    void withoutAListThatCanBeReadNothingIsFree() throws IOException {
        Set<Path> going = Set.of(blob);
        users("\n\n");
        assertThat(store.isFree(content, Set.of(), going)).isTrue();
        for (String damaged : new String[] {"../outside\n", ".\n", "\0\0\n"}) {
            users(damaged);
            assertThat(store.isFree(content, Set.of(), going)).as(damaged).isFalse();
        }
        Files.write(HubStore.users(content), new byte[] {(byte) 0xff, '\n'});
        assertThat(store.isFree(content, Set.of(), going)).isFalse();
        Files.delete(HubStore.users(content));
        assertThat(store.isFree(content, Set.of(), going)).isFalse();
    }

    @Test
    void theLinksOfAllRepositoriesAreRead() throws IOException {
        Files.createDirectories(root.resolve("mine/blobs"));
        Files.createSymbolicLink(root.resolve("mine/blobs/y"), Path.of("../../blobs/other"));
        Files.createDirectories(root.resolve("models--acme--empty"));
        Files.writeString(blob.resolveSibling("real"), "no link");
        assertThat(store.linked(Set.of())).containsExactly(content);
        assertThat(store.linked(Set.of(blob))).isEmpty();
    }
}
