package io.github.modelcache.testing;

import java.io.IOException;

/** A thread of a server for tests. It ends with its connection, and never keeps the JVM alive. */
public final class ServerThread {

    /** What a server does until its connection is closed. */
    public interface Task {
        /** Works until an exception tells that the connection is closed. */
        void run() throws IOException;
    }

    private ServerThread() {}

    /** Starts one. */
    public static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
