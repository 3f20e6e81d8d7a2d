package io.github.modelcache.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CrewTest {

    @Test
    void whoeverIsInterruptedWaitsForTheHelpersAllTheSame() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "There are no helpers");
        Thread caller = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        Crew crew = new Crew("test");
        crew.begin(() -> {
            begun.countDown();
            while (caller.getState() != Thread.State.TIMED_WAITING && !left.get()) {
                Thread.onSpinWait();
            }
            done.set(true);
            return true;
        });
        begun.await();

        caller.interrupt();
        crew.close();
        boolean doneBefore = done.get();
        left.set(true);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(doneBefore).isTrue();
    }
}
