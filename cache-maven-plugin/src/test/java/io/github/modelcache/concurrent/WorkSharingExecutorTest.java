package io.github.modelcache.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class WorkSharingExecutorTest {

    @Test
    void whoeverIsInterruptedWaitsForTheHelpersAllTheSame() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "There are no helpers");
        Thread caller = Thread.currentThread();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        AtomicBoolean done = new AtomicBoolean();
        WorkSharingExecutor crew = new WorkSharingExecutor("test");
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

    @Test
    void whatTheWorkThrowsComesOutAsItIs() {
        try (WorkSharingExecutor crew = new WorkSharingExecutor("test", 2)) {
            for (Throwable thrown : List.of(
                    new FileNotFoundException("gone"),
                    new IllegalStateException("unchecked"),
                    new StackOverflowError("error"))) {
                assertThatThrownBy(() -> crew.later(() -> fail(thrown)).get()).isSameAs(thrown);
                assertThatThrownBy(() -> crew.begin(() -> fail(thrown)).get()).isSameAs(thrown);
            }
            Exception checked = new CloneNotSupportedException("checked");
            assertThatThrownBy(() -> crew.later(() -> fail(checked)).get())
                    .isInstanceOf(IOException.class)
                    .hasMessage(checked.toString())
                    .hasCause(checked);
        }
    }

    private static Object fail(Throwable thrown) throws Exception {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (Exception) thrown;
    }

    @Test
    void whoeverIsInterruptedGetsNoResultAndStaysInterrupted() {
        try (WorkSharingExecutor crew = new WorkSharingExecutor("test")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> crew.later(() -> "done").get()).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whoeverNeedsWhatAHelperHasBegunDoesOtherWorkMeanwhile() throws Exception {
        try (WorkSharingExecutor crew = new WorkSharingExecutor("test", 2)) {
            int helpers = Math.max(Runtime.getRuntime().availableProcessors(), 2) - 1;
            CountDownLatch begun = new CountDownLatch(helpers);
            CountDownLatch other = new CountDownLatch(1);
            List<WorkSharingExecutor.Task<Thread>> tasks = new ArrayList<>();
            for (int i = 0; i < helpers; i++) {
                tasks.add(crew.begin(() -> {
                    begun.countDown();
                    other.await();
                    return Thread.currentThread();
                }));
            }
            begun.await();
            WorkSharingExecutor.Task<Thread> last = crew.begin(() -> {
                other.countDown();
                return Thread.currentThread();
            });

            assertThat(tasks.get(0).get()).isNotSameAs(Thread.currentThread());
            assertThat(last.get()).isSameAs(Thread.currentThread());
        }
    }
}
