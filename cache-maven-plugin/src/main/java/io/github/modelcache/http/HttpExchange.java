package io.github.modelcache.http;

import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.transport.TransportResponse;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** One request with its redirects followed by hand; the answer's head is read, its body not yet. */
final class HttpExchange implements Closeable {

    private final TransportResponse reply;
    private final URI uri;

    HttpExchange(TransportResponse reply, URI uri) {
        this.reply = reply;
        this.uri = uri;
    }

    /** Where the answer came from, after redirects. */
    URI uri() {
        return uri;
    }

    /** The HTTP status. */
    int status() {
        return reply.status();
    }

    /** The headers in any letter case. */
    Map<String, String> headers() {
        return reply.headers();
    }

    /** One header. */
    Optional<String> header(String name) {
        return reply.header(name);
    }

    /** The announced length of the body in bytes, or -1. */
    long contentLength() {
        return reply.announcedLength();
    }

    /** The body. */
    InputStream body() throws IOException {
        return reply.body();
    }

    /** Gives the connection back, or closes it if its body is not read to the end. */
    @Override
    public void close() {
        reply.end();
    }

    /** Closes the connection, whatever is left of its body; from any thread. */
    void abort() {
        reply.abort();
    }

    /** Makes sure that the body is the content itself. */
    void requireIdentity() throws TransferException {
        String encoding = header("Content-Encoding").orElse("identity").strip();
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
            throw refused(Urls.display(uri) + " answers in the encoding '" + encoding
                    + "' although only the plain content is accepted; check the mirror or proxy that does this");
        }
    }

    /** An answer that is refused. */
    TransferException refused(String message) {
        return new TransferException(Kind.SERVER_ERROR, message, status(), headers(), null);
    }

    boolean isRedirect() {
        return switch (status()) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    URI redirectTarget() throws TransferException {
        Optional<URI> target = header("Location").flatMap(location -> Urls.resolve(uri, location));
        if (target.isPresent() && Urls.isHttp(target.get())) {
            return target.get();
        }
        close();
        throw refused(Urls.display(uri) + " redirects (status " + status() + ") to "
                + target.map(Urls::display).orElse("nowhere")
                + ", which is no http or https URL that can be asked; check the URL and the mirror");
    }
}
