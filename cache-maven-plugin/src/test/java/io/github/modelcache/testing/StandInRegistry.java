package io.github.modelcache.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An OCI registry on loopback, in memory: blobs, uploads, mounts, manifests, ranges, Basic and token authentication,
 * redirects to a second host. It can lie like {@link StandInHub}.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">OCI distribution</a>
 */
public final class StandInRegistry extends StandInServer {

    private static final int LONGEST_MANIFEST = 4 * 1024 * 1024;
    private static final Pattern BLOB = Pattern.compile("/v2/(.+)/blobs/(sha256:[0-9a-f]{64})");
    private static final Pattern UPLOADS = Pattern.compile("/v2/(.+)/blobs/uploads/([0-9]*)");
    private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");
    private static final Pattern MANIFEST = Pattern.compile("/v2/(.+)/manifests/([^/]+)");
    private static final Pattern SCOPE = Pattern.compile("scope=([^&]+)");
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

    private final HttpServer server;
    private final HttpServer storage;
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    private final Map<String, Boolean> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
    private final List<String> scopes = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger counter = new AtomicInteger();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private Optional<String> basic = Optional.empty();
    private boolean bearer;
    private boolean redirects;

    private StandInRegistry(int port) throws IOException {
        super("stand-in-registry");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        this.server = serve(new InetSocketAddress(loopback, port), this::answer);
        this.storage = serve(new InetSocketAddress(loopback, 0), this::answerStorage);
    }

    private HttpServer serve(InetSocketAddress address, HttpHandler handler) throws IOException {
        HttpServer started = HttpServer.create(address, 64);
        started.createContext("/", handler);
        started.setExecutor(threads);
        started.start();
        return started;
    }

    /** Starts a registry on a free port. */
    public static StandInRegistry start() throws IOException {
        return new StandInRegistry(0);
    }

    /** Its host and port. */
    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Wants a user name and a password with every request. */
    public StandInRegistry wantsBasic(String user, String password) {
        basic = Optional.of("Basic "
                + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** Wants a token with every request, which its own token server gives for a user name and a password, or {@code identity}. */
    public StandInRegistry wantsTokens(String user, String password) {
        bearer = true;
        return wantsBasic(user, password);
    }

    /** Sends the blobs from a second host. */
    public StandInRegistry redirects() {
        redirects = true;
        return this;
    }

    /** Sends the blobs from a second host, which is down. */
    public StandInRegistry losesItsStorage() {
        storage.stop(0);
        return redirects();
    }

    /** What was asked by this method, oldest first. */
    public List<String> requests(String method) {
        return requests().stream()
                .filter(request -> request.startsWith(method + " "))
                .toList();
    }

    /** The scopes that tokens were asked for. */
    public List<String> scopes() {
        return copy(scopes);
    }

    /** The ranges of contents that were asked for, such as {@code bytes=1000-}. */
    public List<String> ranges() {
        return copy(ranges);
    }

    /** Forgets all contents, and keeps the manifests. */
    public void loseBlobs() {
        blobs.clear();
    }

    @Override
    public void forget() {
        super.forget();
        scopes.clear();
    }

    /** Takes no token that it gave before. */
    public void expireTokens() {
        tokens.clear();
    }

    /** Answers wrongly, with each of these in turn, the last of them for ever, where the path holds a text. */
    public void fault(String method, String pathPart, Fault... answers) {
        addFaults(method + " " + pathPart, answers);
    }

    /** The manifests by {@code repository:tag} and {@code repository:digest}. */
    public Map<String, byte[]> manifests() {
        return manifests;
    }

    /** The repositories with their blobs: {@code repository sha256:...}. */
    public List<String> blobs() {
        return blobs.keySet().stream().sorted().toList();
    }

    @Override
    public void close() {
        super.close();
        server.stop(0);
        storage.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getRawPath();
        requests.add(method + " " + exchange.getRequestURI());
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")).ifPresent(ranges::add);
        try (exchange) {
            if (path.equals("/token")) {
                giveToken(exchange);
                return;
            }
            Matcher blob = BLOB.matcher(path);
            Matcher uploads = UPLOADS.matcher(path);
            Matcher manifest = MANIFEST.matcher(path);
            Matcher tags = TAGS.matcher(path);
            String repository = blob.matches() || tags.matches()
                    ? (blob.matches() ? blob : tags).group(1)
                    : uploads.matches() ? uploads.group(1) : manifest.matches() ? manifest.group(1) : "";
            if (!allowed(exchange, repository) || faulty(exchange, method, path)) {
                return;
            }
            if (blob.matches()) {
                sendBlob(exchange, repository, blob.group(2));
            } else if (uploads.matches()) {
                upload(exchange, repository);
            } else if (manifest.matches() && method.equals("PUT")) {
                putManifest(exchange, repository, manifest.group(2));
            } else if (manifest.matches()) {
                sendManifest(exchange, manifests.get(repository + ":" + manifest.group(2)));
            } else if (tags.matches()) {
                listTags(exchange, tags.group(1));
            } else {
                error(exchange, 404, "UNSUPPORTED");
            }
        }
    }

    private void listTags(HttpExchange exchange, String repository) throws IOException {
        List<String> names = manifests.keySet().stream()
                .filter(name -> name.startsWith(repository + ":"))
                .map(name -> '"' + name.substring(repository.length() + 1) + '"')
                .toList();
        if (names.isEmpty()) {
            error(exchange, 404, "NAME_UNKNOWN");
        } else {
            send(exchange, 200, ("{\"tags\": [" + String.join(",", names) + "]}").getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean allowed(HttpExchange exchange, String repository) throws IOException {
        String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (basic.isEmpty()) {
            return true;
        }
        if (!bearer) {
            if (shown.equals(basic.get())) {
                return true;
            }
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
            error(exchange, 401, "UNAUTHORIZED");
            return false;
        }
        String scope = tokens.getOrDefault(shown.replaceFirst("^Bearer ", ""), "");
        boolean reads = exchange.getRequestMethod().matches("GET|HEAD");
        if (scope.contains("repository:" + repository + (reads ? ":pull" : ":pull,push"))) {
            return true;
        }
        exchange.getResponseHeaders()
                .set("WWW-Authenticate", challenge() + ",scope=\"repository:" + repository + ":pull\"");
        error(exchange, 401, "UNAUTHORIZED");
        return false;
    }

    /** Says where tokens are had. */
    public String challenge() {
        return "Bearer realm=\"http://" + host() + "/token\",service=\"registry of tests\"";
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        boolean exchanged = exchange.getRequestMethod().equals("POST");
        String query = exchanged
                ? new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                : exchange.getRequestURI().getRawQuery();
        boolean known = exchanged ? query.contains("refresh_token=identity&") : shown.equals(basic.orElse(""));
        if (!known) {
            error(exchange, 401, "UNAUTHORIZED");
            return;
        }
        StringBuilder asked = new StringBuilder();
        Matcher scope = SCOPE.matcher(query);
        while (scope.find()) {
            asked.append(URLDecoder.decode(scope.group(1), StandardCharsets.UTF_8))
                    .append(' ');
        }
        scopes.add(asked.toString().strip());
        String token = "token-" + counter.incrementAndGet();
        tokens.put(token, asked.toString());
        send(exchange, 200, ("{\"token\": \"" + token + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private boolean faulty(HttpExchange exchange, String method, String path) throws IOException {
        for (String key : faultKeys()) {
            String[] where = key.split(" ", 2);
            if (where[0].equals(method) && path.contains(where[1])) {
                return answerWrongly(key, exchange, content(path));
            }
        }
        return false;
    }

    private byte[] content(String path) {
        Matcher blob = BLOB.matcher(path);
        Matcher manifest = MANIFEST.matcher(path);
        if (blob.matches()) {
            return contents.getOrDefault(blob.group(2), new byte[0]);
        }
        return manifest.matches()
                ? manifests.getOrDefault(manifest.group(1) + ":" + manifest.group(2), new byte[0])
                : new byte[0];
    }

    private void sendBlob(HttpExchange exchange, String repository, String digest) throws IOException {
        if (!blobs.containsKey(repository + " " + digest)) {
            error(exchange, 404, "BLOB_UNKNOWN");
            return;
        }
        byte[] content = Optional.ofNullable(contents.get(digest)).orElseThrow();
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (redirects) {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:" + storage.getAddress().getPort() + "/" + digest + "?signature=secret");
            exchange.sendResponseHeaders(307, -1);
        } else {
            sendRange(exchange, content);
        }
    }

    private void answerStorage(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add("STORAGE " + exchange.getRequestURI().getPath());
            noteLeak(exchange);
            sendRange(
                    exchange,
                    Optional.ofNullable(contents.get(
                                    exchange.getRequestURI().getPath().substring(1)))
                            .orElseThrow());
        }
    }

    private static void sendRange(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, content);
            return;
        }
        String[] ends = range.replace("bytes=", "").split("-", -1);
        int from = Integer.parseInt(ends[0]);
        int to = ends[1].isEmpty() ? content.length : Integer.parseInt(ends[1]) + 1;
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
        send(exchange, 206, Arrays.copyOfRange(content, from, to));
    }

    private void upload(HttpExchange exchange, String repository) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (exchange.getRequestMethod().equals("POST")) {
            Matcher mount = Pattern.compile("mount=([^&]+)&from=(.+)").matcher(query);
            if (mount.matches() && blobs.containsKey(mount.group(2) + " " + mount.group(1))) {
                blobs.put(repository + " " + mount.group(1), true);
                exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/" + mount.group(1));
                exchange.sendResponseHeaders(201, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "/v2/" + repository + "/blobs/uploads/" + counter.incrementAndGet() + "?state=a%2Fb");
            exchange.sendResponseHeaders(202, -1);
            return;
        }
        byte[] content = exchange.getRequestBody().readAllBytes();
        String digest = query.substring(query.indexOf("digest=") + "digest=".length());
        if (!query.contains("state=a/b") || !digest(content).equals(digest)) {
            error(exchange, 400, "DIGEST_INVALID");
            return;
        }
        contents.put(digest, content);
        blobs.put(repository + " " + digest, true);
        exchange.sendResponseHeaders(201, -1);
    }

    private void putManifest(HttpExchange exchange, String repository, String tag) throws IOException {
        byte[] manifest = exchange.getRequestBody().readAllBytes();
        if (!type(manifest).equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                || manifest.length > LONGEST_MANIFEST) {
            error(exchange, 400, "MANIFEST_INVALID");
            return;
        }
        Matcher named = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"")
                .matcher(new String(manifest, StandardCharsets.UTF_8));
        while (named.find()) {
            boolean there = type(manifest).equals(INDEX_TYPE)
                    ? manifests.containsKey(repository + ":" + named.group(1))
                    : blobs.containsKey(repository + " " + named.group(1));
            if (!there) {
                error(exchange, 400, "MANIFEST_BLOB_UNKNOWN");
                return;
            }
        }
        manifests.put(repository + ":" + tag, manifest);
        manifests.put(repository + ":" + digest(manifest), manifest);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest(manifest));
        exchange.sendResponseHeaders(201, -1);
    }

    private static void sendManifest(HttpExchange exchange, byte @Nullable [] manifest) throws IOException {
        String accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
        if (manifest == null || !accepted.contains(type(manifest))) {
            error(exchange, 404, "MANIFEST_UNKNOWN");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", type(manifest));
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest(manifest));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(manifest.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            send(exchange, 200, manifest);
        }
    }

    private static String type(byte[] manifest) {
        String start = new String(manifest, 0, Math.min(200, manifest.length), StandardCharsets.UTF_8);
        return start.contains("\"" + INDEX_TYPE + "\"") ? INDEX_TYPE : TYPE;
    }

    /** The digest of a content as registries write it. */
    public static String digest(byte[] content) {
        return Hashing.digest(content, DigestAlgorithm.SHA256).toString();
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] body = ("{\"errors\":[{\"code\":\"" + code + "\"}]}").getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            send(exchange, status, body);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Its address. */
    public URI uri() {
        return URI.create("http://" + host());
    }
}
