package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.io.Credentials;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HubAccessTest {

    @Test
    void refusesAnEndpointThatHoldsAPasswordWithoutPrintingIt() {
        assertThatThrownBy(() -> access("https://me:hf_secret@hub.example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hub.example.com")
                .hasMessageContaining("settings.xml")
                .hasMessageNotContaining("hf_secret");
        assertThat(access("https://hub.example.com").endpoint()).hasToString("https://hub.example.com/");
    }

    private static HubAccess access(String endpoint) {
        return new HubAccess(endpoint, Credentials.NONE, Optional.empty(), Map.of(), Path.of("none"));
    }
}
