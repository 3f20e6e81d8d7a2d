package io.github.modelcache.inventory.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.huggingface.HubLayout;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.inventory.usage.ModelFiles.Problem;
import io.github.modelcache.inventory.usage.ModelFiles.State;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A model with so many files that several threads look at them. */
@DisabledOnOs(OS.WINDOWS) // its files are links
class ModelFilesTest {

    private static final int FILES = 300;

    @TempDir
    Path folder;

    private HubLayout layout;
    private ContentDigests digests;
    private ResolvedModel model;

    @BeforeEach
    void fill() throws IOException {
        layout = new HubLayout(folder.resolve("hub"));
        digests = new ContentDigests(folder.resolve("index"), false, Clock.systemUTC());
        List<ModelFile> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(file("part-" + i % 7 + "/" + i + ".bin", content(i)));
        }
        model = new ResolvedModel(
                ModelReference.parse("hf:acme/wide"),
                ModelRequest.PLAIN,
                "0123456789".repeat(4),
                Optional.empty(),
                false,
                files);
        Files.createDirectories(layout.folder(model).resolve("blobs"));
        for (int i = 0; i < FILES; i++) {
            Path arrived = layout.folder(model).resolve("arrived");
            layout.publish(model, files.get(i), Files.writeString(arrived, content(i)));
        }
    }

    @AfterEach
    void close() {
        digests.close();
    }

    private static String content(int number) {
        return "content " + number;
    }

    private static ModelFile file(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new ModelFile(
                path, bytes.length, Optional.of(Hashing.digest(bytes, DigestAlgorithm.SHA256)), "https://h/" + path);
    }

    private Path place(int number) {
        return layout.file(model, model.files().get(number));
    }

    @Test
    void theStatesHaveTheOrderOfTheFiles() throws IOException {
        Files.delete(place(70));
        Files.delete(place(133).toRealPath());
        Files.writeString(place(200).toRealPath(), "longer than it was");
        Files.writeString(place(299).toRealPath(), content(298));
        List<State> states = new ModelFiles(layout, digests).states(model);
        assertThat(states).extracting(State::file).containsExactlyElementsOf(model.files());
        for (int i = 0; i < FILES; i++) {
            Optional<Problem> expected = switch (i) {
                case 70, 133 -> Optional.of(Problem.MISSING);
                case 200 -> Optional.of(Problem.WRONG_SIZE);
                case 299 -> Optional.of(Problem.WRONG_CONTENT);
                default -> Optional.empty();
            };
            assertThat(states.get(i).problem()).as("file " + i).isEqualTo(expected);
        }
    }

    @Test
    void countsEachByteOnceHoweverManyLook() throws IOException {
        new ModelFiles(layout, digests).states(model);
        long bytes = model.files().stream().mapToLong(ModelFile::size).sum();
        assertThat(digests.bytesHashed() + digests.bytesReused()).isEqualTo(bytes);
    }

    @Test
    void aFileInAPlaceThatIsNoFolderEndsTheLook() throws IOException {
        Path parent = place(0).getParent();
        Files.move(parent, folder.resolve("away"));
        Files.createSymbolicLink(parent, parent);
        assertThatThrownBy(() -> new ModelFiles(layout, digests).states(model)).isInstanceOf(IOException.class);
    }
}
