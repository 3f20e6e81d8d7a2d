package io.github.modelcache.http.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/** Sends one request over one connection and reads the head of its answer. */
final class Http1Exchange {
    /** 20 MB a second. */
    private static final long STORED_BYTES_A_MILLI = 20_000;
    /** The system takes this much at once, whether or not the server reads. */
    private static final long NEVER_STALLS_BYTES = 16 * 1024;

    private static final int MOST_INTERIM = 20;

    private final HttpClientConnection connection;
    private final Timeout idle;

    Http1Exchange(HttpClientConnection connection, Timeout idle) {
        this.connection = connection;
        this.idle = idle;
    }

    ClassicHttpResponse run(ClassicHttpRequest request) throws IOException, HttpException {
        try {
            connection.sendRequestHeader(request);
            ClassicHttpResponse answer = request.getEntity() == null ? flushedAnswer() : answerToContent(request);
            if (MessageSupport.canResponseHaveBody(request.getMethod(), answer)) {
                connection.receiveResponseEntity(answer);
            }
            return answer;
        } catch (IOException | HttpException | RuntimeException e) {
            connection.close(CloseMode.IMMEDIATE);
            throw e;
        }
    }

    private ClassicHttpResponse flushedAnswer() throws IOException, HttpException {
        connection.flush();
        return answer();
    }

    /** A server may answer before it has read all, and close; then its answer counts. */
    private ClassicHttpResponse answerToContent(ClassicHttpRequest request) throws IOException, HttpException {
        long length = request.getEntity().getContentLength();
        long patience = length > NEVER_STALLS_BYTES ? idle.toMilliseconds() : 0;
        try (StalledSendWatch watch = StalledSendWatch.over(this::abort, patience)) {
            try {
                request.setEntity(new Watched(request.getEntity(), watch));
                connection.sendRequestEntity(request);
                connection.flush();
            } catch (IOException e) {
                if (watch.ended()) {
                    throw new SocketTimeoutException("the server takes no more bytes");
                }
                return earlyAnswer(e);
            }
        }
        return answerAfter(length);
    }

    private void abort() {
        connection.close(CloseMode.IMMEDIATE);
    }

    private ClassicHttpResponse earlyAnswer(IOException failure) throws IOException {
        if (failure instanceof SocketException) {
            try {
                return answer();
            } catch (IOException | HttpException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    /** A server that stores, hashes or copies what it was sent before it answers needs the longer, the more that is. */
    private ClassicHttpResponse answerAfter(long sent) throws IOException, HttpException {
        if (idle.isDisabled()) {
            return answer();
        }
        connection.setSocketTimeout(Timeout.ofMilliseconds(idle.toMilliseconds() + sent / STORED_BYTES_A_MILLI));
        ClassicHttpResponse answer = answer();
        connection.setSocketTimeout(idle);
        return answer;
    }

    private ClassicHttpResponse answer() throws IOException, HttpException {
        for (int interim = 0; interim <= MOST_INTERIM; interim++) {
            ClassicHttpResponse answer = connection.receiveResponseHeader();
            int status = answer.getCode();
            if (status >= 200) {
                return answer;
            }
            if (status < 100 || status == 101) {
                throw new ProtocolException("unexpected status " + status);
            }
        }
        throw new ProtocolException("more than " + MOST_INTERIM + " interim answers");
    }

    /** The content of a request, with each piece that went through noted. */
    private static final class Watched extends HttpEntityWrapper {
        private final StalledSendWatch watch;

        Watched(HttpEntity content, StalledSendWatch watch) {
            super(content);
            this.watch = watch;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            super.writeTo(watch.counting(out));
        }
    }

    /** A content as the library wants it. */
    static final class Content extends AbstractHttpEntity {
        private final RequestBody body;

        Content(RequestBody body) {
            super((String) null, null);
            this.body = body;
        }

        @Override
        public long getContentLength() {
            return body.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(out);
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("it is written only");
        }

        @Override
        public boolean isStreaming() {
            return true;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public void close() {}
    }
}
