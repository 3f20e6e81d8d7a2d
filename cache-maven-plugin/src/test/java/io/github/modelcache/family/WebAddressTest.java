package io.github.modelcache.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://files.example.org/x",
                "file:///dev/zero",
                "ftp://files.example.org/x",
                "https:x",
                "x",
                "",
                "https://files.example.org/a b"
            })
    void noLockChoosesAnUnencryptedOrLocalAddress(String address) {
        for (String declared : List.of("hf:acme/tiny", "url:https://files.example.org/x", "url:file:///models/x")) {
            assertThatThrownBy(() -> ofLock(declared, address))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(declared + ": what the lock has as the address of x.bin")
                    .hasMessageEndingWith("run mvn cache:lock -Dcache.update=" + declared);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hf:acme/tiny, https://huggingface.co/acme/tiny/resolve/main/x",
        "url:https://a.example.org/x, https://b.example.org/x",
        "url:http://files.example.org/x, http://files.example.org/x",
        "torch:http://files.example.org:81/x, http://files.example.org:81/y",
        "url:file:///models/x, file:///models/x"
    })
    void aLockMayNameAnEncryptedAddressOrTheServerOfTheDeclaration(String declared, String address) throws Exception {
        assertThat(ofLock(declared, address)).isEqualTo(URI.create(address));
    }

    @Test
    void aDeclarationWithoutEncryptionIsForItsOwnServerOnly() {
        assertThatThrownBy(() -> ofLock("url:http://files.example.org/x", "http://other.example.org/x"))
                .hasMessageContaining("nor on the server that the declaration names");
        assertThatThrownBy(() -> ofLock("url:http://files.example.org/x", "http://files.example.org:81/x"))
                .isInstanceOf(ModelException.class);
    }

    private static URI ofLock(String declared, String address) throws ModelException {
        return WebAddress.ofLock(ModelReference.parse(declared), new ModelFile("x.bin", 1, Optional.empty(), address));
    }
}
