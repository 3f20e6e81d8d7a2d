package io.github.modelcache.family.huggingface;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A hub that answers whatever it is told to. */
public final class AnsweringHub implements Closeable {

    private final HttpServer server;
    private volatile Answers answers = new Answers("", "", "", "");

    public AnsweringHub() throws IOException {
        // Otherwise each answer waits 40 ms for the client's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private record Answers(String link, String revision, String first, String others) {}

    public URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    /**
     * From now on.
     *
     * @param link the header that leads from each page of a tree to the next
     * @param revision the answer to the question for a commit
     * @param first page of a tree
     * @param others of its pages
     */
    public void answer(String link, String revision, String first, String others) {
        answers = new Answers(link, revision, first, others);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answers now = answers;
            String path = exchange.getRequestURI().getPath();
            boolean tree = path.contains("/tree/");
            boolean first = "recursive=true&expand=false"
                    .equals(exchange.getRequestURI().getRawQuery());
            if (tree && !now.link().isEmpty()) {
                exchange.getResponseHeaders().set("Link", now.link());
            }
            String body = path.contains("/revision/") ? now.revision() : first ? now.first() : now.others();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
