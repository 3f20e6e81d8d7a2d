package io.github.modelcache.registry.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaseReferenceTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @ParameterizedTest
    @CsvSource({
        "busybox, https://registry-1.docker.io, library/busybox, latest",
        "busybox:1.37, https://registry-1.docker.io, library/busybox, 1.37",
        "team/tools:v1, https://registry-1.docker.io, team/tools, v1",
        "docker.io/busybox, https://registry-1.docker.io, library/busybox, latest",
        "quay.io/a/b/c:1, https://quay.io, a/b/c, 1",
        "registry:5000/busybox:1, https://registry:5000, busybox, 1",
        "localhost/busybox, http://localhost, busybox, latest",
        "localhost:5000/x/y, http://localhost:5000, x/y, latest",
        "127.0.0.1:5000/x, http://127.0.0.1:5000, x, latest",
        "gcr.io/distroless/static-debian12:nonroot, https://gcr.io, distroless/static-debian12, nonroot"
    })
    void readsNamesAsContainerToolsDo(String text, String server, String repository, String tag) {
        BaseReference reference = BaseReference.parse(text);

        assertThat(reference.registry().server()).hasToString(server);
        assertThat(reference.repository()).isEqualTo(repository);
        assertThat(reference.tag()).isEqualTo(tag);
        assertThat(reference.digest()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quay.io/a/b@", "quay.io/a/b:1@"})
    void readsADigest(String text) {
        BaseReference reference = BaseReference.parse(text + DIGEST);

        assertThat(reference.digest().orElseThrow()).hasToString(DIGEST);
        assertThat(reference).hasToString("quay.io/a/b@" + DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Busybox",
                "busybox:",
                "busybox:-1",
                "https://quay.io/a",
                "quay.io/",
                "quay.io/a@sha256:12",
                "quay.io/a@md5:0123",
                "quay.io/../a",
                "file:///srv/oci"
            })
    void refusesWhatIsNoName(String text) {
        assertThatThrownBy(() -> BaseReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cache.image.base is '" + text + "', expected an image such as busybox:1.37");
    }

    @Test
    void doesNotPrintALogin() {
        assertThatThrownBy(() -> BaseReference.parse("user:secret@quay.io/a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cache.image.base is '…@quay.io/a', expected an image such as busybox:1.37")
                .hasMessageNotContaining("secret");
    }
}
