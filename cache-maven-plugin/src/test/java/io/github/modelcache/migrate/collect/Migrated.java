package io.github.modelcache.migrate.collect;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.testing.TestProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A project and a home folder whose models are gathered. */
final class Migrated {

    private final TestProject project;
    private final Path folder;
    private Lock lock = Lock.EMPTY;
    private String members = "";
    private Optional<Boolean> keep = Optional.empty();
    private Optional<MigrationPlan> plan = Optional.empty();
    private Consumer<String> listener = said -> {};
    private long copied;
    private long freed;
    private int failures;

    Migrated(Path folder) throws IOException {
        this.folder = folder;
        this.project = new TestProject(Files.createDirectories(folder.resolve("project")));
        Files.createDirectories(home());
    }

    Path home() {
        return folder.resolve("home");
    }

    Path file(String name) {
        return project.root().resolve(name);
    }

    Path hub() {
        return file(".cache/huggingface/hub");
    }

    Migrated lock(ResolvedModel... models) {
        lock = Lock.of(List.of(models));
        return this;
    }

    Migrated members(String json) {
        members = json;
        return this;
    }

    Migrated keep(boolean all) {
        keep = Optional.of(all);
        return this;
    }

    /** Somebody who hears what is said when it is said. */
    Migrated heard(Consumer<String> by) {
        listener = by;
        return this;
    }

    /** Looks, and changes nothing. */
    MigrationPlan look() throws Exception {
        return run(new AtomicFileOperations(), false, () -> {});
    }

    MigrationPlan run() throws Exception {
        return run(new AtomicFileOperations(), true, () -> {});
    }

    /** Runs with something that happens between plan and run. */
    MigrationPlan run(Meanwhile meanwhile) throws Exception {
        return run(new AtomicFileOperations(), true, meanwhile);
    }

    MigrationPlan run(AtomicFileOperations relay) throws Exception {
        return run(relay, true, () -> {});
    }

    @FunctionalInterface
    interface Meanwhile {
        void happens() throws IOException;
    }

    private MigrationPlan run(AtomicFileOperations relay, boolean really, Meanwhile meanwhile) throws Exception {
        CacheConfig config = project.config(members);
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            Migration migration = new Migration(config, home(), Map.of(), lock, digests, keep, relay, messages());
            MigrationPlan made = migration.plan();
            plan = Optional.of(made);
            meanwhile.happens();
            if (really) {
                made.plan().run(project, project.root(), 1);
            }
            copied = migration.copied();
            freed = migration.freed();
            failures = migration.failures();
            return made;
        }
    }

    private Messages messages() {
        return new Messages() {
            @Override
            public void info(String message) {
                project.info(message);
                listener.accept(message);
            }

            @Override
            public void warn(String message) {
                project.warn(message);
                listener.accept(message);
            }

            @Override
            public void debug(String message) {
                project.debug(message);
            }
        };
    }

    MigrationPlan plan() {
        return plan.orElseThrow();
    }

    long copied() {
        return copied;
    }

    long freed() {
        return freed;
    }

    int failures() {
        return failures;
    }

    List<String> said() {
        return project.said();
    }

    /** What a dry run would print. */
    List<String> lines() {
        return plan().plan().actions().stream()
                .map(action -> action.describe(
                        project.root().relativize(action.target()).toString()))
                .toList();
    }

    /** Everything in project and home but locks and folders, links with their text. */
    SortedMap<String, String> everything() throws IOException {
        SortedMap<String, String> all = new TreeMap<>();
        for (Path part : new Path[] {project.root(), home()}) {
            TestProject.contents(part).forEach((name, content) -> {
                if (!name.contains(".locks") && !content.equals("/")) {
                    all.put(part.getFileName() + "/" + name, content);
                }
            });
        }
        return all;
    }
}
