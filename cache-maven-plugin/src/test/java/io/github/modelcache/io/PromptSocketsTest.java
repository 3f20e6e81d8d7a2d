package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;

class PromptSocketsTest {

    private final SSLSocketFactory usual = (SSLSocketFactory) SSLSocketFactory.getDefault();
    private final PromptSockets prompt = new PromptSockets(usual);

    @Test
    void howeverASocketIsMadeItCanBeClosedWhileSomebodyWrites() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 9, loopback)) {
            int port = server.getLocalPort();
            requirePrompt(prompt.createSocket());
            requirePrompt(prompt.createSocket(loopback, port));
            requirePrompt(prompt.createSocket(loopback, port, loopback, 0));
            requirePrompt(prompt.createSocket(loopback.getHostAddress(), port));
            requirePrompt(prompt.createSocket(loopback.getHostAddress(), port, loopback, 0));
            Socket plain = new Socket(loopback, port);
            requirePrompt(prompt.createSocket(plain, "localhost", port, true));
            assertThat(plain.isClosed()).isTrue();
        }
    }

    private static void requirePrompt(Socket socket) throws IOException {
        try (socket) {
            assertThat(socket).isInstanceOf(SSLSocket.class);
            assertThat(socket.getSoLinger()).isEqualTo(1);
        }
    }

    @Test
    void encryptsAsTheUsualSocketsDo() {
        assertThat(prompt.getDefaultCipherSuites())
                .isEqualTo(usual.getDefaultCipherSuites())
                .isNotEmpty();
        assertThat(prompt.getSupportedCipherSuites())
                .isEqualTo(usual.getSupportedCipherSuites())
                .isNotEmpty();
    }
}
