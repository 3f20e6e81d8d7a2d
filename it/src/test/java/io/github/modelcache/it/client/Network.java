package io.github.modelcache.it.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a client is kept from every network, its own machine's loopback included: by a network namespace of its own where
 * the kernel lets users make one. Without one there is still the patch of Python's sockets in {@code no_network}, which
 * a client written in another language could get around.
 *
 * @param cut the command that starts another one without a network; empty where there is none
 */
record Network(List<String> cut) {

    private static final List<String> NAMESPACE = List.of("unshare", "--map-root-user", "--net");

    Network {
        cut = List.copyOf(cut);
    }

    /** Finds out what this machine lets a user do. */
    static Network find() {
        List<String> trial = new ArrayList<>(NAMESPACE);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean works = process.waitFor(10, TimeUnit.MINUTES) && process.exitValue() == 0;
            return new Network(works ? NAMESPACE : List.of());
        } catch (IOException e) {
            return new Network(List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Network(List.of());
        }
    }

    /** What to say about it in a table. */
    String howCut() {
        return cut.isEmpty() ? "no sockets" : "no interface";
    }
}
