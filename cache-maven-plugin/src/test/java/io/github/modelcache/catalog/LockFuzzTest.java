package io.github.modelcache.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.ConfigReader;
import io.github.modelcache.family.Layout;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.LockException;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input: the bytes of {@code models.lock.json}. */
@Timeout(120)
class LockFuzzTest {

    @TempDir
    Path project;

    @FuzzTest
    void isReadOrRefusedAndLeadsNowhereElse(byte[] input) throws IOException, ConfigException, LockException {
        Path file = project.resolve("models.lock.json");
        Files.write(file, input);
        Lock lock;
        try {
            lock = new LockFile(file).read();
        } catch (LockException e) {
            assertThat(e.getMessage()).contains("models.lock.json");
            return;
        }
        new LockFile(file).write(lock);
        assertThat(new LockFile(file).read()).isEqualTo(lock);
        CacheConfig config = ConfigReader.read(project, project.resolve("none.json"));
        Layouts layouts = new Layouts(config);
        for (ResolvedModel model : lock.models()) {
            requireInside(layouts, model);
        }
    }

    private static void requireInside(Layouts layouts, ResolvedModel model) throws IOException {
        List<Path> places = new ArrayList<>();
        Layout layout;
        try {
            layout = layouts.of(model);
            places.add(layout.processLock(model.reference()));
            places.add(layout.folder(model));
            layout.pointer(model).ifPresent(pointer -> places.add(pointer.file()));
            for (ModelFile file : model.files()) {
                places.add(layout.file(model, file));
                places.add(layout.partial(model, file));
                layout.content(model, file).ifPresent(places::add);
            }
            places.add(layout.place(model));
        } catch (IllegalArgumentException e) {
            // The goal ends with this message.
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        for (Path place : places) {
            if (!place.normalize().startsWith(layout.root())) {
                fail(place + " is not in " + layout.root());
            }
        }
    }
}
