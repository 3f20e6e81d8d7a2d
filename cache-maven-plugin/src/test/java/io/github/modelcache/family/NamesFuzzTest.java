package io.github.modelcache.family;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.huggingface.HubPlaces;
import io.github.modelcache.files.NameClashes;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.SpacyPackage;
import io.github.modelcache.model.TorchCheckpoint;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.units.Age;
import io.github.modelcache.units.ByteSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** Input: a name that somebody else chose, as UTF-16 or, behind a byte 0, as UTF-8. */
@Timeout(120)
class NamesFuzzTest {

    private static final Path ROOT = Path.of("root").toAbsolutePath();

    @FuzzTest
    void stayBelowTheirFolderOrAreRefused(byte[] input) {
        boolean utf8 = input.length > 0 && input[0] == 0;
        String name = utf8 ? new String(input, 1, input.length - 1, StandardCharsets.UTF_8) : utf16(input);
        requireInside(name);
        parsers().forEach(parser -> attempt(parser, name));
        TorchCheckpoint.digestPrefix(name);
        SpacyPackage.ofWheel(name);
        TorchHubRepository.ofFolder(name);
        NameClashes.find(List.of(name, name + "/x"));
    }

    /** With halves of characters, as escapes in JSON can have them. */
    private static String utf16(byte[] input) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < input.length; i += 2) {
            text.append((char) ((input[i] & 0xff) | (input[i + 1] & 0xff) << 8));
        }
        return text.toString();
    }

    private static List<Consumer<String>> parsers() {
        return List.of(
                text -> requireInside(MavenCoordinates.parse(text).folder()),
                text -> requireInside(HubRepository.parse(text).folder()),
                text -> requireInside(TorchHubRepository.parse(text).folder("main")),
                text -> requireInside(new SpacyPackage("en", text).wheel()),
                ModelReference::parse,
                Digest::parse,
                ByteSize::parse,
                Age::parse,
                text -> new FilePatterns(List.of(text), List.of()).wants("a/b.bin"));
    }

    private static void attempt(Consumer<String> parser, String text) {
        try {
            parser.accept(text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void requireInside(String name) {
        Optional<String> problem = SafeRelativePath.problem(name);
        if (problem.isPresent()) {
            return;
        }
        Path file = SafeRelativePath.resolve(ROOT, name);
        assertThat(file).startsWithRaw(ROOT).isNotEqualTo(ROOT);
        Path partial = PartialFiles.beside(file, "https://host/x", Optional.empty());
        assertThat(partial.getParent()).isEqualTo(file.getParent());
        assertThat(PartialFiles.isPartial(partial)).isTrue();
        // On Windows neither a drive nor a backslash may come in.
        assertThat(name).doesNotContain("\\").doesNotMatch("(?s)[A-Za-z]:.*");
        HubPlaces places = new HubPlaces(ROOT);
        places.of(file);
        HubPlaces.reference(file);
        HubPlaces.ref(ROOT, name).ifPresent(ref -> assertThat(ref).startsWithRaw(ROOT));
    }
}
