package io.github.modelcache.download;

import static io.github.modelcache.download.HubProject.LARGE;
import static io.github.modelcache.download.HubProject.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.modelcache.testing.Fault;
import io.github.modelcache.testing.Fault.Place;
import io.github.modelcache.testing.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two projects that bring the same model into one cache at the same time. */
class SharedRootTest {

    @TempDir
    Path folder;

    @Test
    void fetchesEachFileOnceForTwoProjects() throws Exception {
        try (HubProject project = new HubProject(folder)) {
            TestProject other = new TestProject(folder.resolve("other"));
            // The large file comes once the second build waits for the first; or, if it does not, asks for it too.
            CountDownLatch bothAreAtIt = new CountDownLatch(2);
            project.onWaiting = bothAreAtIt::countDown;
            project.hub.fault(Place.STORE, LARGE, asked -> {
                bothAreAtIt.countDown();
                return Fault.after(bothAreAtIt).answer(asked);
            });

            both(project::download, () -> project.downloadInto(other));

            project.assertComplete();
            assertThat(project.asked(Place.STORE, LARGE)).isEqualTo(1);
            assertThat(project.asked(Place.FILE, SMALL)).isEqualTo(1);
            assertThat(other.lock().read()).isEqualTo(project.files.lock().read());
            assertThat(other.said()).noneMatch(line -> line.startsWith("warn"));
        }
    }

    @Test
    void keepsTheirBytesApartWhereNothingCanBeLocked() throws Exception {
        try (HubProject project = new HubProject(folder)) {
            TestProject other = new TestProject(folder.resolve("other"));
            // A folder in its place has no lock, as some network file systems have none.
            Path locks = project.repo.resolveSibling(".locks").resolve(project.repo.getFileName());
            Files.createDirectories(locks.resolve("maven.lock"));
            CountDownLatch bothFetch = new CountDownLatch(2);
            project.hub.fault(Place.STORE, LARGE, asked -> {
                bothFetch.countDown();
                return Fault.after(bothFetch).answer(asked);
            });

            both(project::download, () -> project.downloadInto(other));

            project.assertComplete();
            assertThat(project.asked(Place.STORE, LARGE)).isEqualTo(2);
        }
    }

    private static void both(Callable<?> one, Callable<?> two) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> first = threads.submit(one);
            Future<?> second = threads.submit(two);
            first.get();
            second.get();
        } finally {
            threads.shutdownNow();
        }
    }
}
