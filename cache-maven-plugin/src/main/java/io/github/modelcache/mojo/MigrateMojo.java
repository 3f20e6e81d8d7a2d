package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.migrate.collect.Migration;
import io.github.modelcache.migrate.collect.MigrationPlan;
import io.github.modelcache.migrate.relocate.CacheRelocation;
import io.github.modelcache.model.LockException;
import io.github.modelcache.mojo.maven.CommandHints;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.plan.PlanJson;
import io.github.modelcache.progress.Progress;
import io.github.modelcache.setup.IgnoredFolders;
import io.github.modelcache.units.ByteSize;
import io.github.modelcache.units.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Imports models from other places, such as the caches in the home folder, into the project's caches, or relocates the
 * whole cache with cache.migrate.to. Each file is checked by its digest and stored once.
 * Example: mvn cache:migrate -Dcache.dryRun=true
 */
@Mojo(name = "migrate", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class MigrateMojo extends AbstractChangingMojo {

    /** Skips this goal. */
    @Parameter(property = "cache.migrate.skip", defaultValue = "false")
    boolean skipMigrate;

    /**
     * Whether the old places keep their files. Default: external caches, such as those in the home folder, keep them;
     * old folders inside the project do not.
     */
    @Parameter(property = "cache.migrate.keepSource")
    @Nullable
    Boolean keepSource;

    /**
     * Relocates the whole model cache to this folder and leaves a link. The base folder itself (.cache) moves it back.
     * A relative path starts at the project's root folder.
     */
    @Parameter(property = "cache.migrate.to")
    @Nullable
    String to;

    /** Output format: text, or json, which is written to standard output without Maven's prefixes. */
    @Parameter(property = "cache.format", defaultValue = "text")
    String format;

    @Override
    Optional<String> skippedBy() {
        return skipMigrate ? Optional.of("cache.migrate.skip") : Optional.empty();
    }

    @Override
    boolean deletes() {
        return true;
    }

    @Override
    void run() throws ConfigException, LockException, IOException {
        CacheConfig cache = readConfig();
        if (to != null) {
            relocate(cache, to);
            return;
        }
        try (ContentDigests digests = digests(cache)) {
            Migration migration = new Migration(
                    cache,
                    home(),
                    System.getenv(),
                    lockFile().read(),
                    digests,
                    Optional.ofNullable(keepSource),
                    AtomicFileOperations.shownBy(messages().progress()),
                    messages());
            importModels(cache, migration, migration.plan());
            if (!dryRun) {
                digests.save();
            }
        }
    }

    private void importModels(CacheConfig cache, Migration migration, MigrationPlan found) throws IOException {
        Plan plan = found.plan().isEmpty()
                ? found.plan()
                : ignored(cache, found.oldPlaces()).and(found.plan());
        found.notes().forEach(messages()::warn);
        if (json()) {
            long bytes = dryRun ? found.bytes() : plan.run(messages(), projectRoot(), 1);
            printJson(plan, bytes);
            return;
        }
        found.undeclared().forEach(messages()::info);
        if (dryRun) {
            print(plan, command());
            if (!plan.isEmpty()) {
                dryRunMessages()
                        .info(ByteSize.format(found.bytes()) + " of " + models(found.models()) + " to import, "
                                + ByteSize.format(found.copyBytes()) + " of that to copy; "
                                + ByteSize.format(found.duplicateBytes()) + " are stored twice and would be saved");
            }
            return;
        }
        if (plan.isEmpty()) {
            getLog().info("Nothing to migrate");
            return;
        }
        plan.run(listing(), projectRoot(), 1);
        int left = migration.failures();
        getLog().info("Migrated " + models(found.models() - left) + ", " + ByteSize.format(found.bytes()) + " ("
                + ByteSize.format(migration.copied()) + " copied); saved " + ByteSize.format(migration.freed())
                + " that were stored twice" + (left == 0 ? "" : "; " + models(left) + " skipped, see above"));
    }

    private boolean json() {
        return OutputFormat.parseBesideOthers(format) == OutputFormat.JSON;
    }

    private void printJson(Plan plan, long bytes) {
        printRaw(JsonWriter.write(PlanJson.of(plan, projectRoot(), dryRun, bytes)));
    }

    /** Each change is worth a line: models are large, and people look for them where they were. */
    private Messages listing() {
        Messages messages = messages();
        return new Messages() {
            @Override
            public void info(String message) {
                messages.info(message);
            }

            @Override
            public void warn(String message) {
                messages.warn(message);
            }

            @Override
            public void debug(String message) {
                messages.info(message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1));
            }

            @Override
            public Progress progress() {
                return messages.progress();
            }
        };
    }

    private void relocate(CacheConfig cache, String where) throws LockException, IOException {
        if (where.isBlank()) {
            throw new IllegalArgumentException("cache.migrate.to is empty; name the new folder of the model cache");
        }
        Path folder = projectRoot().resolve(where).normalize();
        try (CacheRelocation relocation = new CacheRelocation(
                cache,
                home(),
                lockFile().read(),
                AtomicFileOperations.shownBy(messages().progress()),
                messages())) {
            Plan move = relocation.plan(folder);
            boolean away = !folder.equals(cache.baseDir());
            // Also when nothing is to be moved: the run that moved it may have been stopped before this.
            Plan plan = away ? move.and(ignoredLink(cache)) : move;
            if (json()) {
                printJson(plan, dryRun ? 0 : plan.run(messages(), projectRoot(), 1));
                return;
            }
            if (dryRun) {
                String to = "cache.migrate.to";
                print(plan, command(to) + " " + CommandHints.option(to, where));
                return;
            }
            if (plan.isEmpty()) {
                getLog().info("The model cache is already in " + Plan.name(projectRoot(), folder));
                return;
            }
            plan.run(messages(), projectRoot(), 1);
            String place = Plan.name(projectRoot(), cache.baseDir());
            getLog().info(
                            away
                                    ? "The model cache is in " + folder + "; " + place + " is a link to it"
                                    : "The model cache is back in " + place);
        }
    }

    /** An entry for a folder does not hide a link. */
    private static Plan ignoredLink(CacheConfig cache) throws IOException {
        IgnoredFolders now = new IgnoredFolders(cache);
        if (now.coversAsLink(cache.baseDir())) {
            return new Plan(List.of());
        }
        return new Plan(List.of(new Action.Write(now.file(), "ignores the link", () -> {
            Optional<String> text = new IgnoredFolders(cache).completed();
            if (text.isPresent()) {
                AtomicFiles.write(now.file(), text.get().getBytes(IgnoredFolders.CHARSET));
            }
            return 0;
        })));
    }

    /** Git must not see what still lies at the old places. */
    private static Plan ignored(CacheConfig cache, List<Path> oldPlaces) throws IOException {
        IgnoredFolders ignored = new IgnoredFolders(cache, oldPlaces);
        return new Plan(ignored.completed()
                .map(text -> List.<Action>of(
                        Action.Write.text(ignored.file(), "ignores the cache folders", text, IgnoredFolders.CHARSET)))
                .orElse(List.of()));
    }

    private String command() {
        String keep = "cache.migrate.keepSource";
        return command(keep) + (keepSource == null ? "" : " " + CommandHints.option(keep, keepSource.toString()));
    }

    private static String models(int count) {
        return Words.count(count, "model");
    }
}
