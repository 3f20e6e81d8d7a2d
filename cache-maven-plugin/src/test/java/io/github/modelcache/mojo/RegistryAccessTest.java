package io.github.modelcache.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.http.HttpOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistryAccessTest {

    @Test
    void aRegistryBeforeOtherSourcesHasShortTimeouts() {
        HttpOptions options = RegistryAccess.impatient(HttpOptions.standard("test"));

        assertThat(options.limits().connectTimeout()).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(options.limits().longestWait()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(options.limits().retries()).isEqualTo(1);
    }
}
