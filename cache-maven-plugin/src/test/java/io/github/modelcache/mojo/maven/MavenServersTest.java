package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.http.ServerSettings;
import java.io.StringReader;
import java.net.URI;
import org.apache.maven.settings.io.xpp3.SettingsXpp3Reader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MavenServersTest {

    private static final URI ADDRESS = URI.create("https://gitlab.example.com:8443/x");

    @Test
    void readsWhatMavensResolverReads() throws Exception {
        ServerSettings.Values values = of("gitlab.example.com", """
                <httpHeaders>
                  <property><name>Job-Token</name><value>t0k</value></property>
                  <property><name>X-Two</name><value>2</value></property>
                </httpHeaders>
                <connectTimeout>1000</connectTimeout>
                <requestTimeout>2000</requestTimeout>""");

        assertThat(values.headers()).containsEntry("Job-Token", "t0k").containsEntry("X-Two", "2");
        assertThat(values.connectTimeout())
                .get()
                .extracting(limit -> limit.toMillis())
                .isEqualTo(1000L);
        assertThat(values.idleTimeout())
                .get()
                .extracting(limit -> limit.toMillis())
                .isEqualTo(2000L);
    }

    @Test
    void readsWhatWagonReads() throws Exception {
        ServerSettings.Values values = of("gitlab.example.com:8443", """
                <httpConfiguration><all>
                  <headers><property><name>Job-Token</name><value>t0k</value></property></headers>
                  <connectionTimeout>1000</connectionTimeout><readTimeout>0</readTimeout>
                </all></httpConfiguration>""");

        assertThat(values.headers()).containsExactly(java.util.Map.entry("Job-Token", "t0k"));
        assertThat(values.connectTimeout())
                .get()
                .extracting(limit -> limit.toMillis())
                .isEqualTo(1000L);
        assertThat(values.idleTimeout())
                .get()
                .extracting(limit -> limit.toMillis())
                .isEqualTo(0L);
    }

    @Test
    void anotherHostGetsNothing() throws Exception {
        assertThat(of("example.com", "<timeout>1</timeout>")).isEqualTo(ServerSettings.Values.NONE);
        assertThat(of("gitlab.example.com", "")).isEqualTo(ServerSettings.Values.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<httpHeaders><property><name>Host</name><value>s3cret</value></property></httpHeaders>",
                "<httpHeaders><property><name>A: b</name><value>s3cret</value></property></httpHeaders>",
                "<httpHeaders><property><value>s3cret</value></property></httpHeaders>",
                "<connectTimeout>10s</connectTimeout>"
            })
    void invalidSettingsAreReportedWithTheirServer(String configuration) {
        assertThatThrownBy(() -> of("gitlab.example.com", configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the server 'gitlab.example.com' of settings.xml")
                .hasMessageNotContaining("s3cret");
    }

    private static ServerSettings.Values of(String id, String configuration) throws Exception {
        String text = "<settings><servers><server><id>" + id + "</id><configuration>" + configuration
                + "</configuration></server></servers></settings>";
        return new MavenServers(new SettingsXpp3Reader().read(new StringReader(text))).of(ADDRESS);
    }
}
