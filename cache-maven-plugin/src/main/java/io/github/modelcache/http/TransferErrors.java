package io.github.modelcache.http;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.transport.ProxyRefusedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what a failed request means and what to do next. */
final class TransferErrors {
    private static final Set<Integer> TRANSIENT_STATUS = Set.of(408, 425, 429, 500, 502, 503, 504);
    /** With these a server says that it has done nothing. */
    private static final Set<Integer> LATER = Set.of(408, 425, 429, 503);

    private static final Set<Kind> TRANSIENT_KIND = Set.of(Kind.TIMEOUT, Kind.TRUNCATED, Kind.UNREACHABLE);

    private static final String UNSIGNED = "that host refuses the address it was redirected to, which is signed for a"
            + " short time; check the clock of this machine, the mirror, and the credentials for that host if it wants"
            + " some";

    private TransferErrors() {}

    /** Whether the same request may succeed a moment later. */
    static boolean isTransient(TransferException failure) {
        if (failure.status().isPresent()) {
            return TRANSIENT_STATUS.contains(failure.status().getAsInt());
        }
        return TRANSIENT_KIND.contains(failure.kind()) && !isDistrust(failure);
    }

    /** Whether another host than the one asked refuses access, as it does once the signature of an address has expired. */
    static boolean isOfSignature(URI asked, URI answered, int status) {
        return status == 403 && !String.valueOf(asked.getAuthority()).equals(String.valueOf(answered.getAuthority()));
    }

    /** The same failure, saying how often it happened. */
    static TransferException afterAttempts(TransferException failure, int attempts) {
        if (attempts <= 1) {
            return failure;
        }
        return failure.saying(
                failure.getMessage() + " (gave up after " + attempts + " attempts)",
                failure.getCause() == null ? failure : failure.getCause());
    }

    /** What an error status means. */
    static TransferException ofStatus(URI asked, HttpExchange exchange) {
        return ofStatus(asked, exchange, "");
    }

    /**
     * What an error status means.
     *
     * @param text the start of the answer's body
     */
    static TransferException ofStatus(URI asked, HttpExchange exchange, String text) {
        int status = exchange.status();
        URI answered = exchange.uri();
        String message = Urls.display(asked)
                + (asked.equals(answered) ? "" : " (redirected to " + Urls.display(answered) + ")")
                + " answered " + status + ": "
                + (isOfSignature(asked, answered, status) ? UNSIGNED : meaning(status, answered));
        return new TransferException(kind(status), message, status, exchange.headers(), answered, text, null);
    }

    /** What an I/O error before or in the head of an answer means. */
    static TransferException ofConnection(URI uri, IOException error) {
        return ofConnection(uri, Proxy.NO_PROXY, error);
    }

    /** The same of a request that went through a proxy, or was to. */
    static TransferException ofConnection(URI uri, Proxy proxy, IOException error) {
        String url = Urls.display(uri);
        if (error instanceof ProxyRefusedException refused) {
            return ofProxy(url, refused);
        }
        String through = ServerOutages.through(proxy);
        if (error instanceof SocketTimeoutException) {
            return new TransferException(
                    Kind.TIMEOUT,
                    url + ": no answer within the time limit" + through
                            + "; check the network and the proxy, or try again later",
                    error);
        }
        return new TransferException(Kind.UNREACHABLE, url + ": " + reason(uri, through, error), error);
    }

    private static TransferException ofProxy(String url, ProxyRefusedException refused) {
        int status = refused.status();
        // tinyproxy answers 401 to a wrong password.
        String advice = status == 407 || status == 401
                ? "it requires a user name and password; check those of the proxy in settings.xml"
                : "it does not connect to this server; check the proxy in settings.xml, or try again later";
        String message = url + ": " + refused.getMessage() + ": " + advice;
        return new TransferException(kind(status), message, status, Map.of(), refused);
    }

    private static String reason(URI uri, String through, IOException error) {
        if (error instanceof UnknownHostException && !through.isEmpty()) {
            return "no connection" + through + ", whose name is not known; check the proxy";
        }
        if (error instanceof UnknownHostException) {
            return "the host " + uri.getHost() + " is not known; check the name, the network and the proxy";
        }
        if (error instanceof SSLException) {
            return "no secure connection" + through + " (" + error.getMessage()
                    + "); if a proxy or mirror has a certificate of its own, add it to Java's trust store"
                    + " (MAVEN_OPTS=-Djavax.net.ssl.trustStore=FILE)";
        }
        return "no connection" + through + " (" + error.getMessage()
                + "); check the network and the proxy, or try again later";
    }

    /**
     * A body that ended early.
     *
     * @param have how many bytes of the file, or up to which, have come
     * @param total of how many, or -1 if unknown
     * @param cause null if the connection was closed in order
     */
    static TransferException ofBody(URI uri, long have, long total, @Nullable IOException cause) {
        boolean timeout = cause instanceof SocketTimeoutException;
        return new TransferException(
                timeout ? Kind.TIMEOUT : Kind.TRUNCATED,
                Urls.display(uri) + (timeout ? ": nothing more came within the time limit after " : ": ended after ")
                        + have + (total < 0 ? "" : " of " + total) + " bytes; run it again to go on from there",
                cause);
    }

    /** The content has another digest than expected. */
    static TransferException ofDigest(URI uri, Digest actual, Digest expected, Optional<String> contentType) {
        return new TransferException(
                Kind.DIGEST_MISMATCH,
                Urls.display(uri) + ": the content is " + actual + ", expected is " + expected + page(contentType)
                        + "; the file behind the URL is another one, or was changed on the way");
    }

    /** A content of another length than expected, in bytes. */
    static TransferException ofSize(URI uri, long size, long expected, Optional<String> contentType) {
        return new TransferException(
                size > expected ? Kind.TOO_LONG : Kind.SIZE_MISMATCH,
                Urls.display(uri) + " has " + size + " bytes, expected are " + expected + page(contentType)
                        + "; the file behind the URL is another one");
    }

    /** What people want to hear before any number. */
    static String page(Optional<String> contentType) {
        boolean html = contentType.orElse("").strip().toLowerCase(Locale.ROOT).startsWith("text/html");
        return html ? "; it is an HTML page, as proxies send that want a sign-in" : "";
    }

    /**
     * A file that could not be written.
     *
     * @param missing how many bytes still have to be written, or -1 if unknown
     */
    static IOException ofWrite(URI uri, Path file, IOException error, long missing) {
        return DiskSpace.isFull(error, file) ? ofFullDisk(uri, file, missing, error) : error;
    }

    /** A disk without room for a file. */
    static TransferException ofFullDisk(URI uri, Path file, long missing, @Nullable IOException cause) {
        long free;
        try {
            free = DiskSpace.usable(file);
        } catch (IOException e) {
            free = 0;
        }
        return new TransferException(
                Kind.DISK_FULL,
                Urls.display(uri) + ": the disk of " + file + " is full: "
                        + (missing < 0 ? "more bytes are" : missing + " more bytes are") + " needed, " + free
                        + " are free; make room, or put the cache on another disk",
                cause);
    }

    /** Whether the server could not be asked, or said nothing at all. */
    static boolean isOutage(TransferException failure) {
        return failure.status().isEmpty() && (failure.kind() == Kind.TIMEOUT || failure.kind() == Kind.UNREACHABLE);
    }

    /** Whether the server may have acted on a request that failed: it was neither unreachable nor did it say "later". */
    static boolean mayHaveArrived(TransferException failure) {
        Throwable cause = failure.getCause();
        boolean unsent = cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof UnknownHostException;
        return failure.status().isPresent() ? !LATER.contains(failure.status().getAsInt()) : !unsent;
    }

    /** Whether the other end is up and says that nobody listens there: waiting rarely changes that. */
    static boolean isRefusedConnection(TransferException failure) {
        return failure.getCause() instanceof ConnectException;
    }

    private static boolean isDistrust(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 401, 407 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.FORBIDDEN;
            case 404, 410 -> Kind.NOT_FOUND;
            case 408 -> Kind.TIMEOUT;
            case 429 -> Kind.RATE_LIMITED;
            default -> status >= 400 && status < 500 ? Kind.CLIENT_ERROR : Kind.SERVER_ERROR;
        };
    }

    private static String meaning(int status, URI uri) {
        return switch (status) {
            case 401 ->
                "it wants credentials or refused those that were sent; check the credentials for " + uri.getHost();
            case 403 ->
                "access is not allowed; check that the account behind the credentials for " + uri.getHost()
                        + " has it, and that the terms are accepted where there are any";
            case 404, 410 -> "there is no such file; check the URL and the version";
            case 407 -> "the proxy requires a user name and password; check those of the proxy in settings.xml";
            case 408, 425 -> "the server gave up on the request; try again later";
            case 507 -> "the server has no room left; ask its owner";
            case 429 -> "too many requests; try again later, or send credentials, which often raises the limit";
            default ->
                status >= 500
                        ? "the server has a problem; try again later"
                        : "the server does not accept the request; check the URL and the mirror";
        };
    }
}
