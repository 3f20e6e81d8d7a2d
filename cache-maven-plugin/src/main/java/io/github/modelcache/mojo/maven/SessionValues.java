package io.github.modelcache.mojo.maven;

import java.util.function.Supplier;
import org.apache.maven.execution.MavenSession;
import org.eclipse.aether.SessionData;

/** Values that all goals and modules of a build share. */
public final class SessionValues {

    private SessionValues() {}

    /** The build's value of a type, created at the first call. */
    public static <T> T get(MavenSession session, Class<T> type, Supplier<T> make) {
        SessionData data = session.getRepositorySession().getData();
        String key = type.getName();
        Object present = data.get(key);
        while (!type.isInstance(present)) {
            data.set(key, present, make.get());
            present = data.get(key);
        }
        return type.cast(present);
    }
}
