package io.github.modelcache.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.model.ModelReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://me:hunter2@host/x",
                "https://me:hunter2 x@host/x",
                "https://me:hunter2@my_host/x",
                "ftp://me:hunter2@host/x",
                "https://hunter2@host/x"
            })
    void refusesAUserNameWithoutPrintingIt(String address) {
        assertThatThrownBy(() -> read(address))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a url: model has a user name in its address")
                .hasMessageContaining("settings.xml")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://me:hunter2/3@host/x", "https://me:hunter2/3 4@host/x", "https:me:hunter2@host/x"})
    void printsNoBrokenAddressThatMayHoldAPassword(String address) {
        assertThatThrownBy(() -> read(address))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("a url: model is not a")
                .hasMessageContaining("write url:https")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://my_host/x", "ftp://host/x", "https://host/a b"})
    void namesABrokenAddress(String address) {
        assertThatThrownBy(() -> read(address)).hasMessageStartingWith("url:" + address + " is not a");
    }

    @Test
    void anAtSignInAPathIsNoUserName() throws Exception {
        assertThat(read("https://host/@scope/x")).isEqualTo("https://host/@scope/x");
    }

    private static String read(String address) throws ModelException {
        return WebAddress.of(new ModelReference("url", address), "url:https://host/file")
                .toString();
    }
}
