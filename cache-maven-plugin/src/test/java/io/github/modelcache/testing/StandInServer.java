package io.github.modelcache.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The common part of the stand-in servers: threads, the requests that arrived, credentials in wrong hands, wrong answers. */
public abstract class StandInServer implements Closeable {

    final ExecutorService threads;
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<String> leaked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    StandInServer(String name) {
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The requests until now, oldest first: {@code GET /path}. */
    public List<String> requests() {
        return copy(requests);
    }

    /** The credentials that reached the second host, which must never get any. */
    public List<String> leaked() {
        return copy(leaked);
    }

    /** Forgets the requests. */
    public void forget() {
        requests.clear();
    }

    /** Answers correctly again. */
    public void repent() {
        faults.clear();
    }

    @Override
    public void close() {
        closed.countDown();
        threads.shutdownNow();
    }

    static List<String> copy(List<String> list) {
        synchronized (list) {
            return List.copyOf(list);
        }
    }

    /** Notes the credentials of a request to the second host. */
    void noteLeak(HttpExchange exchange) {
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .ifPresent(leaked::add);
    }

    /** Answers wrongly from now on: with each of these in turn, the last of them for ever. */
    void addFaults(String key, Fault... answers) {
        faults.put(key, new ArrayDeque<>(List.of(answers)));
    }

    /** The keys that have wrong answers. */
    Iterable<String> faultKeys() {
        return faults.keySet();
    }

    boolean hasFaults(String key) {
        return faults.containsKey(key);
    }

    /** Gives the next wrong answer of a key; false if it has none, or the answer is to be correct this time. */
    boolean answerWrongly(String key, HttpExchange exchange, byte[] content) throws IOException {
        Queue<Fault> answers = faults.get(key);
        if (answers == null) {
            return false;
        }
        Fault fault;
        synchronized (answers) {
            fault = answers.size() > 1 ? answers.remove() : answers.element();
        }
        return fault.answer(new Fault.Asked(exchange, content, closed));
    }
}
