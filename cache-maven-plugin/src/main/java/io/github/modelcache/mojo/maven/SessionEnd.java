package io.github.modelcache.mojo.maven;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.maven.execution.ExecutionListener;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenSession;
import org.jspecify.annotations.Nullable;

/**
 * Runs something when the build ends, also when it fails. The JVM may outlive the build, as that of mvnd does, and a plugin
 * that is no extension is not told of the end.
 */
public final class SessionEnd {

    private SessionEnd() {}

    /** Runs something after all modules. */
    public static void run(MavenSession session, Runnable something) {
        MavenExecutionRequest request = session.getRequest();
        request.setExecutionListener(chained(request.getExecutionListener(), something));
    }

    static ExecutionListener chained(@Nullable ExecutionListener other, Runnable something) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("sessionEnded")) {
                something.run();
            }
            try {
                return other == null || method.getDeclaringClass() == Object.class
                        ? ownMethod(proxy, method.getName(), arguments == null ? null : arguments[0])
                        : method.invoke(other, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        Class<ExecutionListener> type = ExecutionListener.class;
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object ownMethod(Object proxy, String name, @Nullable Object argument) {
        return switch (name) {
            case "equals" -> proxy == argument;
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> SessionEnd.class.getSimpleName();
            default -> null;
        };
    }
}
