package io.github.modelcache.http.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.modelcache.testing.ServerThread;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Speaks HTTP/2 frame by frame, and HTTP/1.1 with whoever asks for it; a test decides what becomes of each stream. */
final class RawHttp2Server implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    /** {@code :status 200} in the static table of HPACK. */
    private static final byte[] STATUS_200 = {(byte) 0x88};

    private final SSLServerSocket socket;
    private final Behaviour behaviour;
    private final List<SSLSocket> open = new CopyOnWriteArrayList<>();
    private final List<String> protocols = new CopyOnWriteArrayList<>();
    private final AtomicInteger streams = new AtomicInteger();

    /** Answers one stream; an exception closes the connection. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Stream stream) throws IOException;
    }

    RawHttp2Server(SSLContext tls, Behaviour behaviour) throws IOException {
        this.socket = (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.behaviour = behaviour;
        ServerThread.start("raw-http2-server", this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The protocol of each connection, in the order in which they were made. */
    List<String> protocols() {
        return protocols;
    }

    /** One request. */
    record Stream(int number, int id, DataOutputStream out) {
        void ok(String body) throws IOException {
            begin(body);
            frame(out, DATA, END_STREAM, id, new byte[0]);
        }

        /** The head and the beginning of a body. */
        void begin(String body) throws IOException {
            frame(out, HEADERS, END_HEADERS, id, STATUS_200);
            frame(out, DATA, 0, id, body.getBytes(ISO_8859_1));
        }

        void reset(int error) throws IOException {
            frame(out, RST_STREAM, 0, id, numbers(error));
        }

        /** Says that no stream after this one will be answered. */
        void goAway() throws IOException {
            frame(out, GOAWAY, 0, 0, numbers(id, 0));
        }
    }

    private static byte[] numbers(int... numbers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int number : numbers) {
            new DataOutputStream(bytes).writeInt(number);
        }
        return bytes.toByteArray();
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(frame);
        data.writeInt(payload.length << 8 | type);
        data.writeByte(flags);
        data.writeInt(stream);
        data.write(payload);
        out.write(frame.toByteArray());
        out.flush();
    }

    private void accept() throws IOException {
        while (true) {
            SSLSocket connection = (SSLSocket) socket.accept();
            open.add(connection);
            ServerThread.start("raw-http2-server", () -> serve(connection));
        }
    }

    private void serve(SSLSocket connection) throws IOException {
        try (connection) {
            SSLParameters parameters = connection.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            connection.setSSLParameters(parameters);
            connection.startHandshake();
            protocols.add(connection.getApplicationProtocol());
            DataInputStream in = new DataInputStream(new BufferedInputStream(connection.getInputStream()));
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            if (connection.getApplicationProtocol().equals("h2")) {
                frames(in, out);
            } else {
                heads(in, out);
            }
        }
    }

    private void frames(DataInputStream in, DataOutputStream out) throws IOException {
        in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
        frame(out, SETTINGS, 0, 0, new byte[0]);
        while (true) {
            int head = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.readFully(new byte[head >>> 8]);
            if ((head & 0xff) == SETTINGS && flags != ACK) {
                frame(out, SETTINGS, ACK, 0, new byte[0]);
            } else if ((head & 0xff) == HEADERS) {
                behaviour.answer(new Stream(streams.incrementAndGet(), stream, out));
            }
        }
    }

    private static void heads(DataInputStream in, DataOutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        while (true) {
            head.append((char) in.readUnsignedByte());
            if (head.indexOf("\r\n\r\n") >= 0) {
                head.setLength(0);
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(ISO_8859_1));
                out.flush();
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (SSLSocket connection : open) {
            connection.close();
        }
    }
}
