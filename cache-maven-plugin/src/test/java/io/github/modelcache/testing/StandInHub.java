package io.github.modelcache.testing;

import com.sun.net.httpserver.HttpExchange;
import io.github.modelcache.json.Json;
import io.github.modelcache.json.JsonArray;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.json.JsonString;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.testing.Fault.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model hub on loopback that speaks the protocol of the real one: revisions, trees in pages, files of which the large
 * ones come from a second host through a signed redirect.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API</a>
 */
public final class StandInHub extends StandInServer {

    /** Files of this size and more are kept as large files, as a hub's LFS does. */
    public static final int LARGE_BYTES = 4096;

    private static final int PAGE = 1000;
    private static final String REPOSITORY = "/api/(models|datasets|spaces)/([^/]+(?:/[^/]+)??)";
    private static final Pattern REVISION = Pattern.compile(REPOSITORY + "(?:/revision/([^/]+))?");
    private static final Pattern TREE = Pattern.compile(REPOSITORY + "/tree/([^/]+)(?:/(.+))?");
    private static final Pattern CURSOR = Pattern.compile("cursor=(\\d+)");
    private static final Pattern RESOLVE = Pattern.compile("/(.+)/resolve/([^/]+)/(.+)");

    private final LoopbackHttpServer hub;
    private final LoopbackHttpServer store;
    private final Map<String, ServedRepository> repositories = new ConcurrentHashMap<>();
    private final Map<String, ServedRepository> revisions = new ConcurrentHashMap<>();
    private final List<Request> log = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, ServedRepository> history = new ConcurrentHashMap<>();
    /** So that the pages of a long list cost no more than the list. */
    private final Map<String, Map<String, Json>> listings = new ConcurrentHashMap<>();

    private final AtomicLong bytesSent = new AtomicLong();
    private Optional<String> requiredToken = Optional.empty();

    /**
     * A request.
     *
     * @param agent the program that asks
     * @param place where it asks
     * @param name of the file; the repository where no file is asked for
     */
    public record Request(String agent, Place place, String name) {}

    /** What a store's address leads to. */
    private record Stored(String name, ServedRepository.Item item) {}

    private StandInHub(int port) throws IOException {
        super("stand-in-hub");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        this.hub = LoopbackHttpServer.start(new InetSocketAddress(loopback, port), this::answer, threads);
        this.store = LoopbackHttpServer.start(new InetSocketAddress(loopback, 0), this::answerStore, threads);
    }

    /** Starts a hub on a free port. */
    public static StandInHub start() throws IOException {
        return start(0);
    }

    /** Starts a hub on this port; 0 for a free one. */
    public static StandInHub start(int port) throws IOException {
        return new StandInHub(port);
    }

    /** Its address, with a slash at the end. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort() + "/");
    }

    /** How many bytes of files left it. */
    public long bytesSent() {
        return bytesSent.get();
    }

    @Override
    public void forget() {
        super.forget();
        log.clear();
        bytesSent.set(0);
    }

    /**
     * Answers wrongly from now on: with each of these in turn, the last of them for ever.
     *
     * @param name of the file; of the repository for the place of a revision or a tree
     */
    public void fault(Place place, String name, Fault... answers) {
        addFaults(place + " " + name, answers);
    }

    /** What was asked since the hub forgot, oldest first. */
    public List<Request> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** Serves the files of a folder as {@code org/name} or {@code datasets/org/name}; its branch is {@code main}. */
    public String add(String id, Path folder) throws IOException {
        return add(id, folder, Map.of());
    }

    /**
     * Serves a folder, with facts such as {@code renamed}, {@code license}, {@code gated}, {@code disabled}. A folder that is added under
     * the same name again moves the branch; what was served before stays under its commit.
     */
    public String add(String id, Path folder, Map<String, String> facts) throws IOException {
        ServedRepository repository = ServedRepository.of(id, folder, facts);
        repositories.put(id, repository);
        history.put(id + "@" + repository.commit(), repository);
        return repository.commit();
    }

    /** Serves a folder as another revision of a repository: a branch, a tag, {@code refs/pr/1}; tells its commit. */
    public String addRevision(String id, String revision, Path folder) throws IOException {
        ServedRepository repository = ServedRepository.of(id, folder, Map.of());
        revisions.put(id + "@" + revision, repository);
        history.put(id + "@" + repository.commit(), repository);
        return repository.commit();
    }

    /** Requires this token for every file. */
    public void requireToken(String token) {
        requiredToken = Optional.of(token);
    }

    @Override
    public void close() {
        super.close();
        hub.close();
        store.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        try (exchange) {
            Matcher revision = REVISION.matcher(path);
            Matcher tree = TREE.matcher(path);
            Matcher resolve = RESOLVE.matcher(path);
            if (revision.matches()) {
                String name = Optional.ofNullable(revision.group(3)).orElse("main");
                answerRevision(exchange, id(revision), decoded(name));
            } else if (tree.matches()) {
                String below = Optional.ofNullable(tree.group(4)).orElse("");
                answerTree(exchange, id(tree), decoded(tree.group(3)), decoded(below));
            } else if (resolve.matches()) {
                answerFile(exchange, resolve.group(1), decoded(resolve.group(2)), decoded(resolve.group(3)));
            } else {
                error(exchange, 404, "RepoNotFound", "ServedRepository not found");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String id(Matcher address) {
        String type = address.group(1);
        return type.equals("models") ? address.group(2) : type + "/" + address.group(2);
    }

    private Optional<ServedRepository> repository(HttpExchange exchange, String id, String revision)
            throws IOException {
        ServedRepository repository = repositories.get(id);
        if (repository == null) {
            error(exchange, 401, "RepoNotFound", "ServedRepository not found");
            return Optional.empty();
        }
        if (repository.facts().containsKey("disabled")) {
            exchange.getResponseHeaders().set("X-Error-Message", "Access to this resource is disabled.");
            error(exchange, 403, "", "Access to this resource is disabled.");
            return Optional.empty();
        }
        ServedRepository other = revisions.get(id + "@" + revision);
        if (other != null) {
            return Optional.of(other);
        }
        ServedRepository asked = revision.equals("main") ? repository : history.get(id + "@" + revision);
        if (asked == null) {
            error(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
        }
        return Optional.ofNullable(asked);
    }

    /** Notes the request, and answers it wrongly where that is wanted. */
    private boolean faulty(HttpExchange exchange, Place place, String name, ServedRepository.Item item)
            throws IOException {
        note(exchange, place, name);
        String key = place + " " + name;
        return hasFaults(key) && answerWrongly(key, exchange, Files.readAllBytes(item.file()));
    }

    private void note(HttpExchange exchange, Place place, String name) {
        String agent = String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
        log.add(new Request(agent, place, name));
    }

    private void answerRevision(HttpExchange exchange, String id, String revision) throws IOException {
        Optional<ServedRepository> found = repository(exchange, id, revision);
        if (found.isEmpty()) {
            return;
        }
        ServedRepository repository = found.get();
        List<Json> siblings = new ArrayList<>();
        repository
                .items()
                .keySet()
                .forEach(name ->
                        siblings.add(JsonObject.builder().put("rfilename", name).build()));
        String name = id.replaceFirst("^(datasets|spaces)/", "");
        JsonObject.Builder body = JsonObject.builder()
                .put("id", repository.facts().getOrDefault("renamed", name))
                .put("modelId", name)
                .put("sha", repository.commit())
                .put("private", false)
                .put("disabled", false)
                .put(
                        "tags",
                        JsonArray.of(List.of(
                                JsonString.of("license:" + repository.facts().getOrDefault("license", "apache-2.0")))))
                .put("siblings", JsonArray.of(siblings));
        if (repository.facts().containsKey("gated")) {
            body.put("gated", "manual");
        } else {
            body.put("gated", false);
        }
        json(exchange, Place.REVISION, id, body.build());
    }

    /** A page of what lies in a folder, folders included, as the hub lists them. */
    private void answerTree(HttpExchange exchange, String id, String revision, String folder) throws IOException {
        Optional<ServedRepository> found = repository(exchange, id, revision);
        if (found.isEmpty()) {
            return;
        }
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        boolean recursive = query.toLowerCase(Locale.ROOT).contains("recursive=true");
        String key = id + " " + found.get().commit() + " " + recursive + " " + folder;
        Map<String, Json> entries =
                listings.computeIfAbsent(key, missing -> found.get().entries(folder, recursive));
        if (entries.isEmpty() && !folder.isEmpty()) {
            error(exchange, 404, "EntryNotFound", folder + " does not exist on \"" + revision + "\"");
            return;
        }
        Matcher cursor = CURSOR.matcher(query);
        int from = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
        if (from + PAGE < entries.size()) {
            String address =
                    endpoint().resolve(exchange.getRequestURI().getRawPath()).toString();
            String next = address + "?recursive=" + recursive + "&expand=false&cursor=" + (from + PAGE);
            exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
        }
        json(
                exchange,
                Place.TREE,
                id,
                JsonArray.of(entries.values().stream().skip(from).limit(PAGE).toList()));
    }

    private void answerFile(HttpExchange exchange, String id, String revision, String name) throws IOException {
        Optional<ServedRepository> found = repository(exchange, id, revision);
        if (found.isEmpty() || refused(exchange, found.get())) {
            return;
        }
        ServedRepository.Item item = found.get().items().get(name);
        exchange.getResponseHeaders().set("X-Repo-Commit", found.get().commit());
        if (item == null) {
            error(exchange, 404, "EntryNotFound", "Entry not found");
            return;
        }
        if (faulty(exchange, Place.FILE, name, item)) {
            return;
        }
        if (item.sha256().isPresent()) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + item.etag() + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", Long.toString(item.size()));
            String signed = "http://localhost:" + store.getAddress().getPort() + "/" + item.etag() + "?repo=" + id
                    + "&Signature=secret";
            exchange.getResponseHeaders().set("Location", signed);
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        send(exchange, item);
    }

    private boolean refused(HttpExchange exchange, ServedRepository repository) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        boolean known = requiredToken.isPresent() && ("Bearer " + requiredToken.get()).equals(given);
        if (repository.facts().containsKey("gated") && !known) {
            error(exchange, given == null ? 401 : 403, "GatedRepo", "Access to model is restricted");
            return true;
        }
        if (requiredToken.isPresent() && !known) {
            error(exchange, 401, "RepoNotFound", "ServedRepository not found");
            return true;
        }
        return false;
    }

    private void answerStore(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " store"
                + exchange.getRequestURI().getPath());
        noteLeak(exchange);
        try (exchange) {
            Optional<Stored> stored = stored(exchange.getRequestURI().getPath().substring(1));
            if (stored.isPresent()) {
                ServedRepository.Item item = stored.get().item();
                if (!faulty(exchange, Place.STORE, stored.get().name(), item)) {
                    send(exchange, item);
                }
                return;
            }
        }
    }

    private Optional<Stored> stored(String digest) {
        for (ServedRepository repository : history.values()) {
            for (Map.Entry<String, ServedRepository.Item> entry :
                    repository.items().entrySet()) {
                if (entry.getValue().etag().equals(digest)) {
                    return Optional.of(new Stored(entry.getKey(), entry.getValue()));
                }
            }
        }
        return Optional.empty();
    }

    private void send(HttpExchange exchange, ServedRepository.Item item) throws IOException {
        exchange.getResponseHeaders().set("ETag", "\"" + item.etag() + "\"");
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        long from = 0;
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range != null && range.matches("bytes=\\d+-")) {
            from = Long.parseLong(range.substring("bytes=".length(), range.length() - 1));
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (item.size() - 1) + "/" + item.size());
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(item.size()));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        long length = item.size() - from;
        ((LoopbackHttpServer.Exchange) exchange)
                .sendFile(from > 0 ? 206 : 200, item.file(), from, length, bytesSent::addAndGet);
    }

    private void json(HttpExchange exchange, Place place, String id, Json body) throws IOException {
        byte[] bytes = JsonWriter.compact(body).getBytes(StandardCharsets.UTF_8);
        note(exchange, place, id);
        if (answerWrongly(place + " " + id, exchange, bytes)) {
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void error(HttpExchange exchange, int status, String code, String message) throws IOException {
        if (!code.isEmpty()) {
            exchange.getResponseHeaders().set("X-Error-Code", code);
            exchange.getResponseHeaders().set("X-Error-Message", message);
        }
        byte[] bytes = ("{\"error\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, exchange.getRequestMethod().equals("HEAD") ? -1 : bytes.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Serves folders as repositories until it is stopped: {@code <port> <id>=<folder> …}. */
    public static void main(String[] arguments) throws Exception {
        StandInHub hub = start(Integer.parseInt(arguments[0]));
        for (int i = 1; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            hub.add(arguments[i].substring(0, equals), Path.of(arguments[i].substring(equals + 1)));
        }
        System.out.println(hub.endpoint());
        Thread.currentThread().join();
    }
}
