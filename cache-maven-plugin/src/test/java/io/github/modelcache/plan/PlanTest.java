package io.github.modelcache.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PlanTest {

    private static final Path ROOT = Path.of("project").toAbsolutePath();

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    private final Messages messages = new Messages() {
        @Override
        public void info(String message) {
            told.add(message);
        }

        @Override
        public void warn(String message) {
            told.add("warn: " + message);
        }

        @Override
        public void debug(String message) {
            told.add("debug: " + message);
        }
    };

    private Action delete(String name, long bytes) {
        return new Action.Delete(ROOT.resolve(name), bytes, "old", () -> {
            done.add(name);
            return bytes;
        });
    }

    private static Action fetch(String model, Action.Step step) {
        return new Action.Fetch(ROOT.resolve(model), model, 1, step);
    }

    @Test
    void aDryRunPrintsTheChangesAndMakesNone() {
        Plan plan = new Plan(List.of(delete("a", 1), delete("b", 2)));
        plan.print(messages, ROOT, "mvn cache:clean", 50);
        assertThat(told)
                .containsExactly(
                        "Would delete b (2 B, old)",
                        "Would delete a (1 B, old)",
                        "In total: 2 changes, 3 B",
                        "Dry run: nothing was changed. To do it: mvn cache:clean");
        assertThat(done).isEmpty();
    }

    @Test
    void anEmptyPlanHasNothingToDo() throws IOException {
        Plan plan = new Plan(List.of());
        plan.print(messages, ROOT, "mvn cache:clean", 50);
        assertThat(told).containsExactly("Dry run: nothing to do");
        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.run(messages, ROOT, 2)).isZero();
    }

    @Test
    void aDryRunListsTheLargestChangesAndCountsTheRest() {
        List<Action> actions = new ArrayList<>(List.of(fetch("unknown", () -> 0)));
        for (int i = 1; i <= 100; i++) {
            actions.add(delete("f" + i, i));
        }
        Plan plan = new Plan(actions);
        plan.print(messages, ROOT, "mvn cache:clean", 50);
        assertThat(told).hasSize(53).startsWith("Would delete f100 (100 B, old)");
        assertThat(told.subList(50, 53))
                .containsExactly(
                        "And 51 more, 1.3 kB; -Dcache.limit=0 lists all of them",
                        "In total: 101 changes, 5.1 kB",
                        "Dry run: nothing was changed. To do it: mvn cache:clean");
        told.clear();
        plan.print(messages, ROOT, "mvn cache:clean", 0);
        assertThat(told).hasSize(103).noneMatch(line -> line.contains("more"));
    }

    @Test
    void aChangeOfUnknownSizeIsListedFirst() {
        Action unknown = new Action.Fetch(ROOT.resolve("m"), "hf:a/b", -1, () -> 0);
        new Plan(List.of(delete("a", 1), unknown)).print(messages, ROOT, "mvn x", 1);
        assertThat(told)
                .containsExactly(
                        "Would fetch hf:a/b (size not known yet)",
                        "And 1 more, 1 B; -Dcache.limit=0 lists all of them",
                        "In total: 2 changes, at least 1 B",
                        "Dry run: nothing was changed. To do it: mvn x");
    }

    @Test
    void runsInOrderAndSumsTheFreedBytes() throws IOException {
        Plan plan = new Plan(List.of(delete("a", 1))).and(new Plan(List.of(delete("b", 2), delete("c", 4))));
        assertThat(plan.isEmpty()).isFalse();
        assertThat(plan.run(messages, ROOT, 2)).isEqualTo(7);
        assertThat(done).containsExactly("a", "b", "c");
        assertThat(told)
                .containsExactly(
                        "debug: delete a (1 B, old)", "debug: delete b (2 B, old)", "debug: delete c (4 B, old)");
    }

    @Test
    void actionsAfterAFailureDoNotRun() {
        Action failing = new Action.Delete(ROOT.resolve("b"), 0, "old", () -> {
            throw new IOException("no right");
        });
        Plan plan = new Plan(List.of(delete("a", 1), failing, delete("c", 4)));
        assertThatThrownBy(() -> plan.run(messages, ROOT, 1)).hasMessage("no right");
        assertThat(done).containsExactly("a");
    }

    @Test
    @Timeout(600)
    void consecutiveFetchesRunInParallel() throws IOException {
        CyclicBarrier all = new CyclicBarrier(3);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Action.Step step = () -> {
            await(all);
            threads.add(Thread.currentThread().getName());
            done.add("fetched");
            return 10;
        };
        Plan plan = new Plan(
                List.of(delete("a", 1), fetch("m1", step), fetch("m2", step), fetch("m3", step), delete("b", 2)));
        assertThat(plan.run(messages, ROOT, 8)).isEqualTo(33);
        assertThat(threads).hasSize(3);
        assertThat(done).containsExactly("a", "fetched", "fetched", "fetched", "b");
        assertThat(told).contains("debug: fetch m1 (1 B)");
    }

    @Test
    void theNumberOfParallelFetchesIsLimited() throws IOException {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Action.Step step = () -> {
            threads.add(Thread.currentThread().getName());
            return 1;
        };
        Plan plan = new Plan(List.of(fetch("m1", step), fetch("m2", step), fetch("m3", step)));
        assertThat(plan.run(messages, ROOT, 1)).isEqualTo(3);
        assertThat(threads).hasSize(1);
    }

    @Test
    void aFailedFetchThrowsItsOwnException() {
        IOException reason = new IOException("no such model");
        Plan plan = new Plan(List.of(
                fetch("m1", () -> {
                    throw reason;
                }),
                delete("b", 2)));
        assertThatThrownBy(() -> plan.run(messages, ROOT, 2)).isSameAs(reason);
        assertThat(done).isEmpty();
        Plan broken = new Plan(List.of(fetch("m1", () -> {
            throw new IllegalStateException("a defect");
        })));
        assertThatThrownBy(() -> broken.run(messages, ROOT, 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a defect");
    }

    @Test
    @Timeout(600)
    void aFailureStopsTheOtherFetches() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        CyclicBarrier ended = new CyclicBarrier(2);
        Plan plan = new Plan(List.of(
                fetch("m1", () -> {
                    await(both);
                    throw new IOException("gone");
                }),
                fetch("m2", () -> {
                    await(both);
                    try {
                        TimeUnit.HOURS.sleep(1);
                    } catch (InterruptedException e) {
                        done.add("stopped");
                        await(ended);
                    }
                    return 0;
                })));
        assertThatThrownBy(() -> plan.run(messages, ROOT, 2)).hasMessage("gone");
        ended.await();
        assertThat(done).containsExactly("stopped");
    }

    @Test
    @Timeout(600)
    void anInterruptStopsTheFetchesAndStaysSet() {
        Plan plan = new Plan(List.of(fetch("m1", () -> {
            try {
                TimeUnit.HOURS.sleep(1);
            } catch (InterruptedException e) {
                done.add("stopped");
            }
            return 0;
        })));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> plan.run(messages, ROOT, 1)).hasMessage("interrupted while models were transferred");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void pathsInsideTheProjectAreRelativeToItsRoot() {
        assertThat(Plan.name(ROOT, ROOT.resolve("a/b"))).isEqualTo("a/b");
        assertThat(Plan.name(ROOT, ROOT)).isEqualTo(ROOT.toString());
        Path other = ROOT.resolveSibling("other");
        assertThat(Plan.name(ROOT, other)).isEqualTo(other.toString());
    }

    private static void await(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
