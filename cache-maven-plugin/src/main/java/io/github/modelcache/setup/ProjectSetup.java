package io.github.modelcache.setup;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.config.ConfigCompletion;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.HardwareMode;
import io.github.modelcache.config.ProjectProfile;
import io.github.modelcache.family.CacheDirTag;
import io.github.modelcache.family.PartialFiles;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.RegularFile;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.model.LockFile;
import io.github.modelcache.plan.Action;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Prepares a project: the folders of its caches, their tag, its config, and the entries in {@code .gitignore}. */
public final class ProjectSetup {

    private final CacheConfig config;
    private final boolean frozen;

    /** The set-up of the project that this config belongs to. */
    public ProjectSetup(CacheConfig config) {
        this(config, false);
    }

    /** The set-up of a project; {@code frozen} keeps the config and {@code .gitignore} unchanged. */
    public ProjectSetup(CacheConfig config, boolean frozen) {
        this.config = config;
        this.frozen = frozen;
    }

    /**
     * The missing folders and files.
     *
     * @throws ConfigException if the config can't be completed
     */
    public Plan plan(Hardware hardware, HardwareMode mode, Instant now) throws ConfigException, IOException {
        List<Action> actions = new ArrayList<>();
        addFolders(actions);
        PluginDirectory own = new PluginDirectory(config);
        Path tag = own.tag().file();
        if (!Files.exists(tag)) {
            actions.add(Action.Write.text(tag, "excludes it from backups", CacheDirTag.TEXT, StandardCharsets.UTF_8));
        }
        addHardware(own.hardware(), hardware, actions);
        IgnoredFolders ignored = new IgnoredFolders(config);
        if (!frozen) {
            addCommitted(hardware, mode, now, ignored, actions);
        }
        Path lock = LockFile.beside(config.file()).path();
        for (Path file : List.of(config.file(), lock, ignored.file(), tag)) {
            addLeftovers(file, now.minus(PartialFiles.ABANDONED), actions);
        }
        return new Plan(actions);
    }

    /** The files that users commit. */
    private void addCommitted(
            Hardware hardware, HardwareMode mode, Instant now, IgnoredFolders ignored, List<Action> actions)
            throws ConfigException, IOException {
        Optional<String> text = ConfigCompletion.completed(
                config.projectRoot(), config.file(), hardware, mode, ProjectProfile.JAVA, List.of(), now);
        text.ifPresent(completed -> actions.add(Action.Write.text(
                config.file(),
                config.present() ? "completes it" : "the config of the project",
                completed,
                StandardCharsets.UTF_8)));
        ignored.completed()
                .ifPresent(completed -> actions.add(Action.Write.text(
                        ignored.file(), "ignores the cache folders", completed, IgnoredFolders.CHARSET)));
    }

    /** Records the hardware for programs; a read-only cache is no error. */
    private static void addHardware(Path file, Hardware hardware, List<Action> actions) {
        byte[] content = JsonWriter.write(hardware.toJson()).getBytes(StandardCharsets.UTF_8);
        if (holds(file, content)) {
            return;
        }
        actions.add(new Action.Write(file, "this machine", () -> {
            try {
                AtomicFiles.write(file, content);
            } catch (IOException e) {
                return 0;
            }
            return 0;
        }));
    }

    private static boolean holds(Path file, byte[] content) {
        try {
            return Arrays.equals(RegularFile.bytes(file, RegularFile.SMALL), content);
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes temporary files of stopped runs, which git would show. */
    private static void addLeftovers(Path file, Instant before, List<Action> actions) throws IOException {
        Path folder = file.resolveSibling(".").normalize();
        if (!Files.isDirectory(folder)) {
            return;
        }
        String name = file.getFileName().toString();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                folder,
                entry -> AtomicFiles.targetOf(entry.getFileName().toString())
                        .filter(name::equals)
                        .isPresent())) {
            for (Path entry : entries) {
                leftover(entry, before).ifPresent(actions::add);
            }
        }
    }

    private static Optional<Action> leftover(Path temporary, Instant before) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(temporary, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // another build has just renamed it
        }
        if (!attributes.isRegularFile()
                || !attributes.lastModifiedTime().toInstant().isBefore(before)) {
            return Optional.empty();
        }
        return Optional.of(new Action.Delete(
                temporary,
                attributes.size(),
                "left by a stopped run",
                () -> Files.deleteIfExists(temporary) ? attributes.size() : 0));
    }

    private void addFolders(List<Action> actions) {
        List<Path> folders = new ArrayList<>(List.of(config.baseDir()));
        config.roots().stream()
                .filter(root -> !root.optional())
                .map(CacheRoot::path)
                .forEach(folders::add);
        folders.stream()
                .filter(folder -> !Files.isDirectory(folder))
                .forEach(folder -> actions.add(new Action.CreateDirectory(folder)));
    }
}
