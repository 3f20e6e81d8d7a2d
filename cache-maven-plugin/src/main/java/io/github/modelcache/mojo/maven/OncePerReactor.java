package io.github.modelcache.mojo.maven;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;

/**
 * Runs work in the first module that asks for it; the other modules wait and share its result or failure. The state is in
 * the session, so each build starts without it.
 */
public final class OncePerReactor {

    private final ConcurrentMap<Object, Object> tasks = new ConcurrentHashMap<>();

    private OncePerReactor() {}

    /** The state of this build. */
    public static OncePerReactor of(MavenSession session) {
        return SessionValues.get(session, OncePerReactor.class, OncePerReactor::new);
    }

    /** Stores a value for other modules. */
    public void keep(String name, Object value) {
        tasks.put(name, value);
    }

    /** A stored value of that type. */
    public <T> Optional<T> kept(String name, Class<T> type) {
        return Optional.ofNullable(tasks.get(name)).filter(type::isInstance).map(type::cast);
    }

    /** Runs something that cannot fail in the first module that asks for it. */
    public void first(String name, Runnable something) {
        if (first(name)) {
            something.run();
        }
    }

    /** The work of a goal. */
    @FunctionalInterface
    public interface Work {
        public void run() throws MojoExecutionException, MojoFailureException;
    }

    /** Runs the work, or waits for the module that does. */
    public void run(String name, Work work) throws MojoExecutionException, MojoFailureException {
        FutureTask<Boolean> mine = new FutureTask<>(() -> {
            work.run();
            return true;
        });
        Object first = tasks.putIfAbsent(name, mine);
        FutureTask<?> task = first instanceof FutureTask<?> other ? other : mine;
        task.run(); // does nothing if it is running or done
        await(task);
    }

    /** Whether this is the first call with this name. */
    public boolean first(String name) {
        return tasks.putIfAbsent(name, name) == null;
    }

    private static void await(FutureTask<?> task) throws MojoExecutionException, MojoFailureException {
        try {
            task.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof MojoFailureException failure) {
                throw failure;
            }
            if (cause instanceof MojoExecutionException failure) {
                throw failure;
            }
            throw new MojoExecutionException("The goal failed in another module: " + cause, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("Interrupted", e);
        }
    }
}
