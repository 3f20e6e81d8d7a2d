package io.github.modelcache.serve;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/** The locked models of a project as a model hub. Reads the cache, fetches nothing, accepts no changes. */
public final class HubServer implements AutoCloseable {

    private static final int HIGHEST_PORT = 65535;
    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:\\d{1,5})?|\\[[0-9A-Fa-f:.%]+](:\\d{1,5})?");

    /** Warnings about different models that are not served; an attacker could ask for more. */
    private static final int MOST_WARNINGS = 100;

    private final ContentDigests digests;
    private final HttpServer server;
    private final InetSocketAddress bound;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HubApi api;
    private final Options options;
    private final Messages messages;
    private final int models;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /**
     * Where and for whom a server works.
     *
     * @param host a name or an address of this machine
     * @param port 0 is a free port
     * @param token the token that clients must send; empty if they need none
     */
    public record Options(String host, int port, Optional<String> token) {}

    private HubServer(HubCatalog catalog, ContentDigests digests, FileAnswers files, Options options, Messages messages)
            throws IOException {
        this.digests = digests;
        this.api = new HubApi(catalog, files);
        this.models = catalog.all().size();
        this.options = options;
        this.messages = messages;
        this.server = bind(options);
        this.bound = server.address();
    }

    /**
     * Checks the locked models and starts a server. Warns of files that are missing or wrong in the cache; it answers
     * requests for them with status 500.
     *
     * @throws IOException if the cache can't be read, or if the port is taken
     */
    public static HubServer start(CacheConfig config, Lock lock, Options options, Messages messages)
            throws IOException {
        HubCatalog catalog = new HubCatalog(lock);
        ContentDigests digests = new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC());
        try {
            FileAnswers files = new FileAnswers(new Layouts(config).hub(), digests);
            for (ResolvedModel model : catalog.all()) {
                warn(model, files.problems(model), messages);
            }
            digests.save();
            return new HubServer(catalog, digests, files, options, messages);
        } catch (IOException | RuntimeException e) {
            digests.close();
            throw e;
        }
    }

    private static void warn(ResolvedModel model, List<String> problems, Messages messages) {
        if (!problems.isEmpty()) {
            messages.warn(model.version() + " can't be served completely: " + problems.get(0)
                    + (problems.size() == 1 ? "" : ", and " + (problems.size() - 1) + " more files are wrong")
                    + "; run mvn cache:download");
        }
    }

    private HttpServer bind(Options wanted) throws IOException {
        if (wanted.port() < 0 || wanted.port() > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "cache.serve.port is " + wanted.port() + ", expected 0 (a free port) to " + HIGHEST_PORT);
        }
        InetSocketAddress address = new InetSocketAddress(wanted.host(), wanted.port());
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("cache.serve.host is '" + wanted.host()
                    + "', which this machine can't resolve; expected an address such as 127.0.0.1, ::1 or 0.0.0.0");
        }
        try {
            return HttpServer.start(address, this::answer);
        } catch (BindException e) {
            boolean taken = String.valueOf(e.getMessage()).contains("in use");
            throw new IOException(
                    taken
                            ? "The port " + wanted.port() + " of " + wanted.host()
                                    + " is taken by another program. Choose"
                                    + " another one with -Dcache.serve.port=" + (wanted.port() % HIGHEST_PORT + 1)
                                    + ", or a free one with -Dcache.serve.port=0"
                            : "The address " + wanted.host() + ":" + wanted.port() + " can't be used (" + e.getMessage()
                                    + "); check cache.serve.host and cache.serve.port",
                    e);
        } catch (SocketException e) {
            throw new IOException(
                    "The port " + wanted.port() + " of " + wanted.host() + " can't be used (" + e.getMessage()
                            + "). Ports below 1024 need the rights of an administrator; choose another one with"
                            + " -Dcache.serve.port",
                    e);
        }
    }

    /** The address for clients of this machine: {@code HF_ENDPOINT}. */
    public URI url() {
        InetAddress address = bound.getAddress();
        String host = (address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address).getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort());
    }

    /** Whether only programs of this machine can reach it. */
    public boolean isLocal() {
        return bound.getAddress().isLoopbackAddress();
    }

    /** The number of models that it serves. */
    public int models() {
        return models;
    }

    private Answer answer(Request request) throws IOException {
        Optional<Answer> refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        try {
            return api.answer(request);
        } catch (NotServedException e) {
            warn(e);
            return e.answer();
        } catch (IllegalArgumentException e) {
            return Answer.error(400, "The request can't be understood: " + e.getMessage());
        } catch (IOException e) {
            return Answer.error(500, "The cache can't be read: " + e.getMessage() + "; run mvn cache:verify");
        }
    }

    private Optional<Answer> refusal(Request request) {
        // A web page could rebind its own name to this machine, and read models with the browser of a developer.
        String host = request.header("host").orElse("localhost");
        if (!(isLocal() ? LOOPBACK_HOST : HOST).matcher(host).matches()) {
            return Optional.of(Answer.error(
                    403,
                    "cache:serve is only for this machine: use localhost or 127.0.0.1, or"
                            + " start it with -Dcache.serve.host for others"));
        }
        if (options.token().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> given = request.header("authorization");
        if (given.isEmpty()) {
            return Optional.of(Answer.error(401, "cache:serve requires its token; set HF_TOKEN to it")
                    .with("WWW-Authenticate", "Bearer"));
        }
        byte[] expected = ("Bearer " + options.token().get()).getBytes(StandardCharsets.UTF_8);
        boolean right = MessageDigest.isEqual(expected, given.get().getBytes(StandardCharsets.UTF_8));
        // The hub's clients know this text.
        return right ? Optional.empty() : Optional.of(Answer.error(401, "Invalid credentials in Authorization header"));
    }

    private void warn(NotServedException problem) {
        // Libraries ask for many files that a model need not have.
        boolean worthSaying = !problem.isEntry() && warned.size() < MOST_WARNINGS;
        String message = TextSanitizer.text(String.valueOf(problem.getMessage()));
        if (worthSaying && warned.add(message)) {
            messages.warn("Answered 404: " + message);
        }
    }

    /** Waits until the server is closed or this thread is interrupted. */
    public void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.close();
        digests.close();
        closed.countDown();
    }
}
