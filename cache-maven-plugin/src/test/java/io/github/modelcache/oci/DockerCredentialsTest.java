package io.github.modelcache.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerCredentialsTest {

    private static final String HOST = "registry.example.com:5000";

    @TempDir
    Path folder;

    @Test
    void findsWhatDockerLoginLeft() throws Exception {
        String pair = Base64.getEncoder().encodeToString("me:pass:word".getBytes(StandardCharsets.UTF_8));
        DockerCredentials logins = logins("{\"auths\": {\"" + HOST + "\": {\"auth\": \"" + pair + "\"}}}");

        assertThat(logins.find(HOST)).contains(new RegistryCredentials("me", "pass:word"));
        assertThat(logins.find("registry.example.com")).isEmpty();
        assertThat(logins.find(HOST).orElseThrow().toString()).doesNotContain("word");
    }

    @Test
    void findsTokensToExchange() throws Exception {
        DockerCredentials logins =
                logins("{\"auths\": {\"https://" + HOST + "\": {\"auth\": \"\", \"identitytoken\": \"abc\"}}}");

        assertThat(logins.find(HOST)).contains(RegistryCredentials.ofIdentityToken("abc"));
    }

    @Test
    void asksTheHelperOfTheHostAndThenTheStore() throws Exception {
        helper("one", "read host; echo \"{\\\"Username\\\": \\\"$host\\\", \\\"Secret\\\": \\\"s\\\"}\"");
        helper("all", "cat > /dev/null; echo '{\"Username\": \"<token>\", \"Secret\": \"t\"}'");
        DockerCredentials logins = logins("{\"credHelpers\": {\"" + HOST + "\": \"one\"}, \"credsStore\": \"all\"}");

        assertThat(logins.find(HOST)).contains(new RegistryCredentials(HOST, "s"));
        assertThat(logins.find("other.example.com")).contains(RegistryCredentials.ofIdentityToken("t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not JSON",
                "[]",
                "{\"auths\": 1}",
                "{\"auths\": {\"registry.example.com:5000\": {\"auth\": \"%%%\"}}}",
                "{\"auths\": {\"registry.example.com:5000\": {\"auth\": \"bWU=\"}}}",
                "{\"credsStore\": \"missing\"}",
                "{\"credsStore\": \"../../bin/sh\"}",
                "{\"credsStore\": \"failing\"}",
                "{\"credsStore\": \"talking\"}"
            })
    void whatMakesNoSenseIsNoLogin(String config) throws Exception {
        helper("failing", "cat > /dev/null; exit 1");
        helper("talking", "cat > /dev/null; echo 'please sign in'");

        assertThat(logins(config).find(HOST)).isEmpty();
    }

    @Test
    void aMissingConfigIsNoLogin() {
        assertThat(new DockerCredentials(folder.resolve("missing.json")).find(HOST))
                .isEmpty();
    }

    private DockerCredentials logins(String config) throws Exception {
        Path file = Files.writeString(folder.resolve("config.json"), config);
        return new DockerCredentials(file, folder.resolve("helper-").toString());
    }

    private void helper(String name, String script) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
        Path file = Files.writeString(folder.resolve("helper-" + name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
