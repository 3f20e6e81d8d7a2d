package io.github.modelcache.http.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class DecryptionWarmUpTest {
    @Test
    void decryptsWhatItEncrypted() throws Exception {
        assertThat(DecryptionWarmUp.decrypt(80, 100, Long.MAX_VALUE)).isPositive();
        assertThat(DecryptionWarmUp.decrypt(80, 100, Long.MIN_VALUE)).isZero();
    }

    @Test
    void ends() {
        DecryptionWarmUp warmUp = DecryptionWarmUp.begin();
        assertThatCode(() -> {
                    warmUp.await();
                    warmUp.await();
                })
                .doesNotThrowAnyException();
    }
}
