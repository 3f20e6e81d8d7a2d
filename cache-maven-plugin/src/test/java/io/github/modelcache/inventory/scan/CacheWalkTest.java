package io.github.modelcache.inventory.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class CacheWalkTest {

    private static final int MANY = 10_000;

    @TempDir
    Path root;

    /** Writes down what it is shown. */
    private static class Notes implements CacheWalk.Visitor {
        final List<Path> entered = new ArrayList<>();
        final List<Path> entries = new ArrayList<>();
        final List<Path> folders = new ArrayList<>();
        final List<Path> unreadable = new ArrayList<>();
        boolean inOrder = true;

        @Override
        public void enter(Path folder) {
            entered.add(folder);
        }

        @Override
        public void entry(CacheEntry entry) {
            entries.add(entry.path());
            inOrder &= entered.get(entered.size() - 1).equals(entry.path().getParent());
        }

        @Override
        public void directory(CacheEntry directory) {
            folders.add(directory.path());
            inOrder &= entered.get(entered.size() - 1).equals(directory.path().getParent());
        }

        @Override
        public void unreadable(Path path, IOException reason) {
            unreadable.add(path);
        }
    }

    @Test
    void showsEachEntryOnceFolderByFolder() throws Exception {
        Path large = Files.createDirectories(root.resolve("large"));
        for (int i = 0; i < MANY; i++) {
            Files.createFile(large.resolve("f" + i));
        }
        for (int i = 0; i < 100; i++) {
            Path small = Files.createDirectories(root.resolve("small-" + i));
            Files.createFile(small.resolve("f"));
            Files.createSymbolicLink(small.resolve("up"), Path.of(".."));
        }
        Notes notes = new Notes();
        CacheWalk.walk(root, notes);
        assertThat(notes.entries).hasSize(MANY + 200).doesNotHaveDuplicates();
        assertThat(notes.folders).hasSize(101).doesNotHaveDuplicates();
        assertThat(notes.entered).hasSize(102).doesNotHaveDuplicates();
        assertThat(notes.inOrder).isTrue();
        assertThat(notes.unreadable).isEmpty();
    }

    @Test
    void reportsAnUnreadableEntryAndContinues() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(root.resolve("f" + i));
        }
        Notes notes = new Notes();
        CacheWalk.walk(root, notes, path -> {
            if (path.endsWith("f7")) {
                throw new IOException("a bad sector");
            }
            return CacheEntry.of(path);
        });
        assertThat(notes.unreadable).containsExactly(root.resolve("f7"));
        assertThat(notes.entries).hasSize(999);
    }

    @Test
    void entriesThatVanishDuringTheWalkAreLeftOut() throws Exception {
        for (int i = 0; i < 1000; i++) {
            Files.createFile(root.resolve("f" + i));
        }
        Notes notes = new Notes();
        CacheWalk.walk(root, notes, path -> {
            Files.delete(path);
            return CacheEntry.of(path);
        });
        assertThat(notes.entries).isEmpty();
        assertThat(notes.unreadable).isEmpty();
    }

    @Test
    void anInterruptEndsTheWalk() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "There are no helpers");
        for (int i = 0; i < 1000; i++) {
            Files.createFile(root.resolve("f" + i));
        }
        Thread walker = Thread.currentThread();
        CountDownLatch helping = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Notes notes = new Notes();
        CacheWalk.AttributeReader interrupting = path -> {
            if (Thread.currentThread() == walker) {
                while (helping.getCount() > 0) {
                    Thread.onSpinWait();
                }
            } else if (!interrupted.get()) {
                helping.countDown();
                while (walker.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                interrupted.set(true);
                walker.interrupt();
            }
            return CacheEntry.of(path);
        };

        assertThatThrownBy(() -> CacheWalk.walk(root, notes, interrupting))
                .hasCauseInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(notes.unreadable).isEmpty();
    }
}
