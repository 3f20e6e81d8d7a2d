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
 * Writes a report again at the end of the build if it is gone by then. An aggregator that is no parent is built last, and
 * its {@code clean} deletes what its modules have reported into its {@code target}.
 */
final class SurvivingReport {

    private SurvivingReport() {}

    /** Keeps a report of a build that may still delete it. */
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

    /** The listener of the build, which is told everything, and something that happens when the build ends. */
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
                SurvivingReport.class.getClassLoader(), new Class<?>[] {ExecutionListener.class}, handler);
    }
}
