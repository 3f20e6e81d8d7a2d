package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.registry.ArtifactName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAddressTest {

    @ParameterizedTest
    @CsvSource({
        "registry.example.com/models, https://registry.example.com, models",
        "registry.example.com:5000/a/b-c/, https://registry.example.com:5000, a/b-c",
        "localhost:5000, http://localhost:5000, ''",
        "127.0.0.1:5000/x, http://127.0.0.1:5000, x",
        "https://localhost/x, https://localhost, x",
        "http://registry.lan:5000, http://registry.lan:5000, ''",
        "docker.io/acme, https://registry-1.docker.io, acme"
    })
    void readsRegistries(String text, String server, String prefix) {
        RegistryAddress address = RegistryAddress.parse(text);

        assertThat(address.server()).hasToString(server);
        assertThat(address.prefix()).isEqualTo(prefix);
        assertThat(address.folder()).isEmpty();
    }

    @Test
    void readsFolders() {
        assertThat(RegistryAddress.parse("file:///mnt/nas/models").folder()).contains(Path.of("/mnt/nas/models"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            file:///ci/job@2/models | /ci/job@2/models
            file:///ci/job@tmp@3/x | /ci/job@tmp@3/x
            file:///ci/my job/models | /ci/my job/models
            file:///ci/my%20job/models | /ci/my job/models
            file:///ci/issue#1/what?/[a] | /ci/issue#1/what?/[a]
            file:///ci/100%/models | /ci/100%/models
            file:/ci/modèles/x/../y | /ci/modèles/y
            FILE://localhost/ci/models | /ci/models
            """)
    void aFolderMayHaveAnyName(String text, String folder) {
        RegistryAddress address = RegistryAddress.parse(text);
        assertThat(address.folder()).contains(Path.of(folder));
        assertThat(address.toString()).isEqualTo(folder);
    }

    @Test
    void aFolderWhosePercentSignsAreItsOwnIsFoundAsItIs(@TempDir Path folder) throws IOException {
        Path branch = Files.createDirectories(folder.resolve("feature%2Fx"));
        assertThat(RegistryAddress.parse("file://" + branch).folder()).contains(branch);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ftp://a/b", "https://", "a b", "file://host/x", "registry.example.com/a?b", "/mnt/nas"})
    void saysWhatIsExpected(String text) {
        assertThatThrownBy(() -> RegistryAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a registry such as");
    }

    @Test
    void aPasswordIsRefusedAndNotPrinted() {
        assertThatThrownBy(() -> RegistryAddress.parse("https://me:hunter2@registry.example.com/x"))
                .hasMessageContaining("settings.xml")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-", "a/", "/"})
    void aPathThatIsTooLongIsRefused(String piece) {
        assertThatThrownBy(() -> RegistryAddress.parse("registry.example.com/" + piece.repeat(200_000) + "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("registries allow 255")
                .hasMessageContaining("expected a registry such as");
        assertThat(RegistryAddress.parse("registry.example.com/" + "a".repeat(250))
                        .prefix())
                .hasSize(250);
    }

    @Test
    void aQueryIsRefusedAndNotPrinted() {
        assertThatThrownBy(() -> RegistryAddress.parse("https://registry.example.com/x?token=hunter2"))
                .hasMessageContaining("'https://registry.example.com/x?…'")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void upperCaseInAPathIsRefused() {
        assertThatThrownBy(() -> RegistryAddress.parse("registry.example.com/Models"))
                .hasMessageContaining("lower-case");
    }

    @ParameterizedTest
    @CsvSource({
        "hf:Systran/faster-whisper-base, m/hf/systran/faster-whisper-base",
        "hf:gpt2, m/hf/gpt2",
        "hf:a/b__c.d, m/hf/a/b__c.d",
        "maven:org.acme:lang:1.3.0, m/maven/org.acme/lang/1.3.0",
        "whisper:base, m/whisper/base"
    })
    void commonNamesAreReadable(String reference, String repository) {
        assertThat(name(reference, "1").repository()).isEqualTo(repository);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url:https://example.org/../../etc/passwd",
                "url:https://example.org/a b?c=d&e=é",
                "torchhub:snakers4/silero-vad@v4.0",
                "hf:_x_/-y-.",
                "hf:a._b/c.-d"
            })
    void anyNameBecomesOneThatRegistriesTake(String reference) {
        String component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

        assertThat(name(reference, "1").repository()).matches(component + "(/" + component + ")*");
        assertThat(name(reference, "sha256:" + "a".repeat(64)).tag()).isEqualTo("sha256-" + "a".repeat(64));
        assertThat(name(reference, "1.0+é/x").tag()).matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
        assertThat(name(reference, "v".repeat(500)).tag()).matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    }

    @Test
    void namesThatDifferOnlyInWhatWasChangedStayApart() {
        assertThat(name("url:https://a.example/x?1", "1")).isNotEqualTo(name("url:https://a.example/x?2", "1"));
        assertThat(name("hf:a/b", "1+2").tag())
                .isNotEqualTo(name("hf:a/b", "1_2").tag());
    }

    private static ArtifactName name(String reference, String revision) {
        return ArtifactName.of(
                RegistryAddress.parse("registry.example.com/m"),
                new ResolvedModel(
                        ModelReference.parse(reference),
                        ModelRequest.PLAIN,
                        revision,
                        Optional.empty(),
                        false,
                        List.of()));
    }
}
