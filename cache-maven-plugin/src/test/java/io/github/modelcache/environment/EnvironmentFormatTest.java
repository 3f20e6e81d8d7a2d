package io.github.modelcache.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentFormatTest {

    private static final String ODD = "/a b/it's \"$HOME\" `id` %PATH% \\n !x";

    private static SortedMap<String, String> of(String value) {
        return new TreeMap<>(java.util.Map.of("TORCH_HOME", value));
    }

    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @ValueSource(strings = {"/plain", "", "'", "''", "a'b", "$(touch x)", "\\", "%s%n", ODD})
    void aShellReadsBackWhatShWrites(String value) throws Exception {
        String script = EnvironmentFormat.SH.text(of(value)) + "printf %s \"$TORCH_HOME\"";
        Process shell = new ProcessBuilder("/bin/sh", "-c", script).start();
        String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        assertThat(read).isEqualTo(value);
    }

    @Test
    void fishEscapesQuotesAndBackslashes() {
        assertThat(EnvironmentFormat.FISH.text(of("a'b\\c $d"))).isEqualTo("set -gx TORCH_HOME 'a\\'b\\\\c $d'\n");
    }

    @Test
    void powershellDoublesQuotesTypographicOnesToo() {
        assertThat(EnvironmentFormat.POWERSHELL.text(of("C:\\a'b\u2019c $d")))
                .isEqualTo("$env:TORCH_HOME = 'C:\\a''b\u2019\u2019c $d'\r\n");
    }

    @Test
    void cmdDoublesPercentSigns() {
        assertThat(EnvironmentFormat.CMD.text(of("C:\\a b\\100% & more")))
                .isEqualTo("set \"TORCH_HOME=C:\\a b\\100%% & more\"\r\n");
    }

    @Test
    void cmdRejectsADoubleQuote() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentFormat.CMD.text(of("a\"b")))
                .withMessageContaining("TORCH_HOME contains a double quote");
    }

    @Test
    void dotenvQuotesOnlyWhereItMust() {
        assertThat(EnvironmentFormat.DOTENV.text(of("/a/b-c"))).isEqualTo("TORCH_HOME=/a/b-c\n");
        assertThat(EnvironmentFormat.DOTENV.text(of("/a b/$x"))).isEqualTo("TORCH_HOME='/a b/$x'\n");
        assertThat(EnvironmentFormat.DOTENV.text(of("it's"))).isEqualTo("TORCH_HOME=\"it's\"\n");
        assertThat(EnvironmentFormat.DOTENV.text(of("it's \"$x\""))).isEqualTo("TORCH_HOME='it\\'s \"$x\"'\n");
        assertThat(EnvironmentFormat.DOTENV.text(of("C:\\new"))).isEqualTo("TORCH_HOME='C:\\new'\n");
        assertThat(EnvironmentFormat.DOTENV.text(of("\\\\nas\\my models")))
                .isEqualTo("TORCH_HOME=\\\\nas\\my models\n");
        assertThat(EnvironmentFormat.DOTENV.text(of("C:\\$new\\"))).isEqualTo("TORCH_HOME='C:\\$new\\\\'\n");
    }

    @Test
    void githubValuesAreNotQuoted() {
        assertThat(EnvironmentFormat.GITHUB.text(of(ODD))).isEqualTo("TORCH_HOME=" + ODD + "\n");
    }

    @Test
    void jsonIsOneObject() throws Exception {
        JsonObject read = (JsonObject)
                JsonDocument.parse("env", EnvironmentFormat.JSON.text(of(ODD))).root();
        assertThat(read.get("TORCH_HOME"))
                .isInstanceOfSatisfying(
                        JsonString.class, text -> assertThat(text.value()).isEqualTo(ODD));
    }

    @ParameterizedTest
    @EnumSource
    void everyFormatRejectsALineBreak(EnvironmentFormat format) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.text(of("a\nb")))
                .withMessageContaining("TORCH_HOME contains a line break");
    }

    @Test
    void anUnknownFormatIsAnErrorThatNamesAll() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnvironmentFormat.named("bash"))
                .withMessage("cache.format is 'bash', expected one of sh, fish, powershell, cmd, dotenv, github, json");
    }
}
