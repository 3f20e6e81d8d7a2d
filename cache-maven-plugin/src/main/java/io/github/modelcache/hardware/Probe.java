package io.github.modelcache.hardware;

import java.util.Optional;

/**
 * One way of asking this machine something, such as running a command or reading a file. An implementation may fail or
 * hang for its own time limit; the detector takes every failure as "no answer".
 *
 * @param <Q> what is asked: a command line, a path
 */
@FunctionalInterface
public interface Probe<Q> {

    /**
     * Asks.
     *
     * @param question what is asked
     * @return the answer as text, empty when there is none
     */
    Optional<String> ask(Q question);
}
