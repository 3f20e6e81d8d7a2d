package io.github.modelcache.layout;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.modelcache.io.Digest;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubLayoutTest {

    private static final ModelFile FILE =
            new ModelFile("a.bin", 1, Optional.of(Digest.sha256("ab".repeat(32))), "https://h/a.bin");

    @TempDir
    Path root;

    private static ResolvedModel at(String revision) {
        return new ResolvedModel(
                ModelReference.parse("hf:acme/tiny"),
                ModelRequest.PLAIN,
                revision,
                Optional.empty(),
                false,
                List.of(FILE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../outside", "..", "/outside", "a/b", ""})
    void aRevisionThatIsNoFolderLeadsNowhere(String revision) {
        HubLayout layout = new HubLayout(root);
        ResolvedModel model = at(revision);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layout.file(model, FILE))
                .withMessageContaining("no commit");
        assertThatIllegalArgumentException().isThrownBy(() -> layout.place(model));
        assertThatIllegalArgumentException().isThrownBy(() -> layout.complete(model));
    }
}
