package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.modelcache.http.RawServer;
import io.github.modelcache.testing.Patience;
import io.github.modelcache.testing.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests through the proxies that companies run, where they are installed; to a server whose certificate is its own. */
class RealProxyTest {
    private static final String SHORT = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final PasswordAuthentication LOGIN = new PasswordAuthentication("me", "secret".toCharArray());

    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    /** A program, and how it is told where to listen and whom to let in. */
    enum Program {
        TINYPROXY("/usr/bin/tinyproxy", "Accepting connections") {
            @Override
            List<String> command(Path folder, int port) throws IOException {
                Path config = Files.writeString(
                        folder.resolve("tinyproxy.conf"),
                        "Port " + port + "\nListen 127.0.0.1\nTimeout 60\nLogLevel Info\nBasicAuth me secret\n");
                return List.of(path, "-d", "-c", config.toString());
            }
        },
        SQUID("/usr/sbin/squid", "Accepting HTTP Socket connections") {
            @Override
            List<String> command(Path folder, int port) throws IOException {
                // Squid gives up root, and then has to read the file.
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                Path users = Files.writeString(folder.resolve("users"), "me:$apr1$salt1234$G61s9lpZAELkzUFCbj/53/\n");
                Path config = Files.writeString(folder.resolve("squid.conf"), """
                    http_port 127.0.0.1:%d
                    auth_param basic program /usr/lib/squid/basic_ncsa_auth %s
                    acl known proxy_auth REQUIRED
                    http_access allow known
                    cache deny all
                    access_log none
                    cache_log stdio:/dev/stderr
                    pid_filename none
                    shutdown_lifetime 0
                    """.formatted(port, users));
                return List.of(path, "-N", "-d1", "-f", config.toString());
            }
        };

        final String path;
        final String ready;

        Program(String path, String ready) {
            this.path = path;
            this.ready = ready;
        }

        abstract List<String> command(Path folder, int port) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void letThroughWhoHasALogin(Program program) throws Exception {
        Proxy proxy = start(program);
        SSLContext known = TestCertificate.of("localhost", folder);
        URI secure = secure(known);
        URI plain = plain();
        HttpTransport http = http(known);
        assertThat(read(http, secure, proxy, Optional.of(LOGIN))).isEqualTo("ok");
        assertThat(read(http, secure, proxy, Optional.of(LOGIN))).isEqualTo("ok");
        assertThat(read(http, plain, proxy, Optional.of(LOGIN))).isEqualTo("ok");
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void refuseWhoHasNone(Program program) throws Exception {
        Proxy proxy = start(program);
        SSLContext known = TestCertificate.of("localhost", folder);
        URI secure = secure(known);
        HttpTransport http = http(known);
        assertThatThrownBy(() -> read(http, secure, proxy, Optional.empty()))
                .isInstanceOfSatisfying(
                        ProxyRefusedException.class,
                        refused -> assertThat(refused.status()).isEqualTo(407));
        TransportResponse refused =
                http.send(new TransportRequest("GET", plain(), Map.of(), Optional.empty(), proxy, Optional.empty()));
        assertThat(refused.status()).isEqualTo(407);
        refused.end();
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void doNotHideAServerThatIsNotTrusted(Program program) throws Exception {
        Proxy proxy = start(program);
        URI secure = secure(TestCertificate.of("localhost", folder));
        assertThatThrownBy(() -> read(http(SSLContext.getDefault()), secure, proxy, Optional.of(LOGIN)))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void theDigestOfThePasswordIsRight() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")));
        Process openssl =
                new ProcessBuilder("/usr/bin/openssl", "passwd", "-apr1", "-salt", "salt1234", "secret").start();
        assertThat(new String(openssl.getInputStream().readAllBytes(), UTF_8).strip())
                .isEqualTo("$apr1$salt1234$G61s9lpZAELkzUFCbj/53/");
    }

    private Proxy start(Program program) throws IOException {
        assumeTrue(Files.isExecutable(Path.of(program.path)), program.path + " is not installed");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(program.command(folder, port))
                .redirectErrorStream(true)
                .start();
        opened.add(process::destroyForcibly);
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        StringBuilder said = new StringBuilder();
        while (said.indexOf(program.ready) < 0) {
            String line = out.readLine();
            assertThat(line).as("%s ended: %s", program, said).isNotNull();
            said.append(line).append('\n');
        }
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("127.0.0.1", port));
    }

    private URI secure(SSLContext known) throws IOException {
        ServerSocket socket = known.getServerSocketFactory().createServerSocket(0, 9, InetAddress.getLoopbackAddress());
        return URI.create("https://localhost:" + serve(new RawServer(socket)) + "/m");
    }

    private URI plain() {
        return URI.create("http://localhost:" + serve(RawServer.onLoopback()) + "/m");
    }

    private int serve(RawServer server) {
        opened.add(server);
        return server.next(SHORT).next(SHORT).port();
    }

    private HttpTransport http(SSLContext trust) {
        HttpTransport http = new HttpTransport(new TransportOptions(Patience.ENDLESS, Patience.ENDLESS), () -> trust);
        opened.add(http);
        return http;
    }

    private static String read(HttpTransport http, URI uri, Proxy proxy, Optional<PasswordAuthentication> login)
            throws IOException {
        TransportResponse reply = http.send(new TransportRequest("GET", uri, Map.of(), Optional.empty(), proxy, login));
        String text = new String(reply.body().readAllBytes(), UTF_8);
        reply.end();
        return text;
    }
}
