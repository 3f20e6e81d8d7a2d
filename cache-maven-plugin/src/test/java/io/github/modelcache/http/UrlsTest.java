package io.github.modelcache.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {

    @ParameterizedTest
    @CsvSource({
        "https://user:pass@h:8443/a%20b?token=x#f, https://h:8443/a%20b",
        "http://h, http://h",
        "file:///x/y, file:///x/y",
        "mailto:someone@h, mailto:…",
        "a/b?c, a URL without a scheme",
        "http://under_score/x, http:///x"
    })
    void showsNoUserNameQueryOrFragment(URI uri, String shown) {
        assertThat(Urls.display(uri)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a%20b?c=d#e, http://h/a%20b?c=d#e",
        "http://h/caf\u00e9, http://h/caf%C3%A9",
        "http://h/cafe\u0301, http://h/cafe%CC%81",
        "http://h/\u1112\u1161\u11ab, http://h/%E1%84%92%E1%85%A1%E1%86%AB",
        "http://h/\u212b, http://h/%E2%84%AB",
        "http://h/\ud83e\udd17, http://h/%F0%9F%A4%97"
    })
    void encodesAnAddressLetterForLetter(String address, String ascii) {
        assertThat(Urls.ascii(address)).isEqualTo(ascii);
    }

    @ParameterizedTest
    @CsvSource({
        "/x, https://h:1/x",
        "x, https://h:1/a/x",
        "../x, https://h:1/x",
        "?q=1, https://h:1/a/b?q=1",
        "//other/x, https://other/x",
        "http://o/x?y=z#f, http://o/x?y=z",
        "' /x ', https://h:1/x",
        "/a b<c>é, https://h:1/a%20b%3Cc%3E%E9",
        "/100%25, https://h:1/100%25"
    })
    void resolvesALocationAsBrowsersDo(String location, URI expected) {
        assertThat(Urls.resolve(URI.create("https://h:1/a/b?old"), location)).contains(expected);
    }

    @Test
    void anAddressWithoutAPathHasARoot() {
        assertThat(Urls.resolve(URI.create("https://h"), "x")).contains(URI.create("https://h/x"));
        assertThat(Urls.resolve(URI.create("https://h"), "?q")).contains(URI.create("https://h/?q"));
    }

    @Test
    void aBrokenLocationLeadsNowhere() {
        assertThat(Urls.resolve(URI.create("https://h/"), "http://[x")).isEmpty();
        assertThat(Urls.resolve(URI.create("https://h/"), "100%")).isEmpty();
    }

    @Test
    void onlyAHostCanBeAskedOverHttp() {
        assertThat(Urls.isHttp(URI.create("HTTP://h/x"))).isTrue();
        assertThat(Urls.isHttp(URI.create("https://h/x"))).isTrue();
        assertThat(Urls.isHttp(URI.create("ftp://h/x"))).isFalse();
        assertThat(Urls.isHttp(URI.create("http:/x"))).isFalse();
        assertThat(Urls.isHttp(URI.create("/x"))).isFalse();
        assertThat(Urls.isHttp(URI.create("http://h:65535/x"))).isTrue();
        assertThat(Urls.isHttp(URI.create("http://h:65536/x"))).isFalse();
        assertThat(Urls.scheme(URI.create("HTTPS://h"))).isEqualTo("https");
        assertThat(Urls.scheme(URI.create("x"))).isEmpty();
    }
}
