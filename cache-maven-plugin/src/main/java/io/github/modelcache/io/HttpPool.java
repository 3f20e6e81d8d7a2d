package io.github.modelcache.io;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections that wait for another request, by server. Those that waited too long are closed when somebody comes by;
 * the others are closed when the pool is no longer referred to. For several threads.
 */
final class HttpPool {
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    static final int MOST_OF_A_SERVER = 16;

    private final Map<String, Deque<Idle>> servers = new HashMap<>();
    private final LongSupplier nanos;

    /**
     * An empty pool.
     *
     * @param nanos a clock like {@link System#nanoTime}
     */
    HttpPool(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Idle(HttpConnection connection, long since) {}

    /** The connection to this server that was used last, if there is one. */
    synchronized @Nullable HttpConnection take(String server) {
        closeOld();
        Deque<Idle> idle = servers.get(server);
        Idle last = idle == null ? null : idle.pollLast();
        return last == null ? null : last.connection;
    }

    /** Keeps a connection that is fit for the next request. */
    synchronized void give(String server, HttpConnection connection) {
        closeOld();
        Deque<Idle> idle = servers.computeIfAbsent(server, name -> new ArrayDeque<>());
        if (idle.size() == MOST_OF_A_SERVER) {
            idle.removeFirst().connection.close();
        }
        idle.addLast(new Idle(connection, nanos.getAsLong()));
    }

    private void closeOld() {
        long now = nanos.getAsLong();
        Iterator<Deque<Idle>> all = servers.values().iterator();
        while (all.hasNext()) {
            Deque<Idle> idle = all.next();
            while (!idle.isEmpty() && now - idle.getFirst().since > IDLE_NANOS) {
                idle.removeFirst().connection.close();
            }
        }
    }
}
