package io.github.modelcache.mojo;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.maven.execution.AbstractExecutionListener;
import org.apache.maven.execution.ExecutionListener;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenSession;

/**
 * Writes a report again at the end of the build if it was deleted. An aggregator that is not a parent is built last, and
 * its {@code clean} deletes the reports of its modules.
 */
final class ReportRestorer {

    private ReportRestorer() {}

    /** Keeps a report that the build may still delete. */
    static void keep(MavenSession session, Path file, Runnable writing) {
        boolean cleans = session.getGoals().stream().anyMatch(goal -> goal.contains("clean"));
        if (!cleans || session.getProjects().size() < 2) {
            return;
        }
        MavenExecutionRequest request = session.getRequest();
        ExecutionListener told = request.getExecutionListener();
        ExecutionListener listener = told == null ? new AbstractExecutionListener() : told;
        request.setExecutionListener(atEnd(listener, () -> {
            if (Files.notExists(file)) {
                writing.run();
            }
        }));
    }

    /** Wraps the listener of the build, and runs {@code last} at the end of the build. */
    private static ExecutionListener atEnd(ExecutionListener listener, Runnable last) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("sessionEnded")) {
                last.run();
            }
            try {
                return method.invoke(listener, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (ExecutionListener) Proxy.newProxyInstance(
                ReportRestorer.class.getClassLoader(), new Class<?>[] {ExecutionListener.class}, handler);
    }
}
