package io.github.modelcache.mojo.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.AbstractExecutionListener;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.ExecutionEvent;
import org.apache.maven.execution.ExecutionListener;
import org.junit.jupiter.api.Test;

class SessionEndTest {

    private final List<String> events = new ArrayList<>();

    private final class Recorder extends AbstractExecutionListener {
        @Override
        public void mojoStarted(ExecutionEvent event) {
            events.add("mojo started");
        }

        @Override
        public void sessionEnded(ExecutionEvent event) {
            events.add("listener told of the end");
        }
    }

    @Test
    void runsAtTheEndOnlyAndTellsTheOtherListener() {
        ExecutionListener listener = SessionEnd.chained(new Recorder(), () -> events.add("stopped"));

        listener.mojoStarted(null);
        listener.sessionEnded(null);

        assertThat(events).containsExactly("mojo started", "stopped", "listener told of the end");
    }

    @Test
    void needsNoOtherListener() {
        ExecutionListener listener = SessionEnd.chained(null, () -> events.add("stopped"));

        listener.sessionStarted(null);
        listener.sessionEnded(null);

        assertThat(events).containsExactly("stopped");
    }

    @Test
    void canBeStoredByMaven() {
        ExecutionListener listener = SessionEnd.chained(null, () -> {});

        assertThat(new DefaultMavenExecutionRequest()
                        .setExecutionListener(listener)
                        .getExecutionListener())
                .isEqualTo(listener)
                .hasToString("SessionEnd");
        assertThat(listener.hashCode()).isEqualTo(listener.hashCode());
    }
}
