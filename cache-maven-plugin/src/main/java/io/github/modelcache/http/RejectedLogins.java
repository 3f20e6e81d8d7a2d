package io.github.modelcache.http;

import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.transport.ProxyRefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What servers and proxies said to the logins of this build. A login that was refused is not sent again, because companies lock an
 * account after three wrong passwords or so. Before the first answer only one request sends it; others wait for that answer.
 */
final class RejectedLogins {

    private final ConcurrentMap<Key, Trial> trials = new ConcurrentHashMap<>();

    /** One login at one place. By hand, so that no message ever holds the secret. */
    private record Key(String place, String secret) {
        @Override
        public String toString() {
            return "a login for " + place;
        }
    }

    /** What an answer says. */
    record Answered(int status, Map<String, String> headers) {}

    /** Sends one request. */
    @FunctionalInterface
    interface Sending<T> {
        T send() throws IOException;
    }

    /** Reads the head of what was sent back. */
    @FunctionalInterface
    interface Reading<T> {
        Answered read(T answer);
    }

    /**
     * Sends a request, unless its login was refused before.
     *
     * @param place whom the login is for, as messages call it
     * @param secret the login; empty for none
     * @param refusal the status of a refusal: 401 of a server, 407 of a proxy
     * @throws TransferException with the answer that refused it
     */
    <T> T send(URI uri, String place, Optional<String> secret, int refusal, Sending<T> sending, Reading<T> reading)
            throws IOException {
        if (secret.isEmpty()) {
            return sending.send();
        }
        Trial trial = trials.computeIfAbsent(new Key(place, secret.get()), key -> new Trial(place, refusal));
        return trial.send(uri, sending, reading);
    }

    private static final class Trial {
        private final String place;
        private final int refusal;
        private final ReentrantLock first = new ReentrantLock();
        private volatile boolean answered;
        private volatile @Nullable TransferException refused;

        Trial(String place, int refusal) {
            this.place = place;
            this.refusal = refusal;
        }

        <T> T send(URI uri, Sending<T> sending, Reading<T> reading) throws IOException {
            if (answered) {
                return noted(uri, sending, reading);
            }
            try {
                first.lockInterruptibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted = new InterruptedIOException(Urls.display(uri) + ": interrupted");
                interrupted.initCause(e);
                throw interrupted;
            }
            try {
                return noted(uri, sending, reading);
            } finally {
                first.unlock();
            }
        }

        private <T> T noted(URI uri, Sending<T> sending, Reading<T> reading) throws IOException {
            TransferException known = refused;
            if (known != null) {
                throw known.saying(Urls.display(uri) + " was not asked: " + known.getMessage(), known);
            }
            try {
                T answer = sending.send();
                note(uri, reading.read(answer));
                return answer;
            } catch (ProxyRefusedException e) { // makes no tunnel
                note(uri, new Answered(e.status(), Map.of()));
                throw e;
            }
        }

        private void note(URI uri, Answered head) {
            if (head.status() == refusal) {
                refused = new TransferException(
                        Kind.UNAUTHORIZED,
                        place + " refused the same login before (" + refusal
                                + "), and one more try could lock the account; check the user name and the password or"
                                + " token",
                        refusal,
                        head.headers(),
                        uri,
                        "",
                        null);
            }
            answered = true;
        }
    }
}
