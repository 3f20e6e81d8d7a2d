package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.Credentials;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubCredentialsTest {

    @Test
    void rejectsAnEndpointThatHoldsAPasswordWithoutPrintingIt() {
        assertThatThrownBy(() -> access("https://me:hf_secret@hub.example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the hub's endpoint")
                .hasMessageContaining("settings.xml")
                .hasMessageNotContaining("hf_secret");
        assertThat(access("https://hub.example.com").endpoint()).hasToString("https://hub.example.com/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hf_secret@my_hub/x",
                "https://me:hf_secret x@hub.example.com",
                "https://me:hf_secret/3@hub.example.com",
                "me:hf_secret@hub.example.com",
                "hub.example.com?token=hf_secret",
                "hub.example.com#hf_secret",
                "https://hub.example.com/?token=hf_secret",
                "https://hub.example.com/x?hf_secret",
                "https://hub.example.com/#hf_secret"
            })
    void printsNoBrokenEndpointThatMayHoldAPassword(String endpoint) {
        assertThatThrownBy(() -> access(endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cache.endpoint or HF_ENDPOINT")
                .hasMessageNotContaining("hf_secret");
    }

    @Test
    void namesAnEndpointWithoutAHost() {
        assertThatThrownBy(() -> access("hub.example.com")).hasMessageContaining("is 'hub.example.com', expected");
    }

    private static HubCredentials access(String endpoint) {
        return new HubCredentials(
                endpoint, Credentials.NONE, Optional::empty, Map.of(), Path.of("none"), warning -> {});
    }
}
