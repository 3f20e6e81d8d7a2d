package io.github.modelcache.hardware;

import java.util.Optional;

/**
 * A source of facts about this machine, such as a command or a file.
 *
 * @param <Q> a command line or a path
 */
@FunctionalInterface
public interface Probe<Q> {

    /** The answer as text; empty on any failure. */
    Optional<String> ask(Q question);
}
