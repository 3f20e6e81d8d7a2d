package io.github.modelcache.http.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecryptionWarmUpTest {
    @Test
    void decryptsMessagesOfItsOwn() {
        assertThat(DecryptionWarmUp.decrypted(100)).isEqualTo(100);
    }
}
