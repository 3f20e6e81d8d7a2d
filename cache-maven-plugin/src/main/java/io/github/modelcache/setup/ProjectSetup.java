package io.github.modelcache.setup;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.config.ConfigCompletion;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.config.HardwareMode;
import io.github.modelcache.hardware.Hardware;
import io.github.modelcache.io.AtomicFiles;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.layout.OwnTag;
import io.github.modelcache.layout.PartialFiles;
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
import java.util.List;
import java.util.Optional;

/** Prepares a project: the folders of its caches, their tag, its config, and the entries in {@code .gitignore}. */
public final class ProjectSetup {

    private final CacheConfig config;

    /** The set-up of the project that this config belongs to. */
    public ProjectSetup(CacheConfig config) {
        this.config = config;
    }

    /**
     * What is missing.
     *
     * @param hardware this machine
     * @throws ConfigException when the config can't be completed
     * @throws IOException when a file can't be read
     */
    public Plan plan(Hardware hardware, HardwareMode mode, Instant now) throws ConfigException, IOException {
        List<Action> actions = new ArrayList<>();
        addFolders(actions);
        OwnFiles own = new OwnFiles(config);
        Path tag = own.tag().file();
        if (!Files.exists(tag)) {
            actions.add(Action.Write.text(tag, "tells backups to skip it", OwnTag.TEXT, StandardCharsets.UTF_8));
        }
        Optional<String> text =
                ConfigCompletion.completed(config.projectRoot(), config.file(), hardware, mode, List.of(), now);
        text.ifPresent(completed -> actions.add(Action.Write.text(
                config.file(),
                config.present() ? "completes it" : "the one source of truth",
                completed,
                StandardCharsets.UTF_8)));
        IgnoredFolders ignored = new IgnoredFolders(config);
        ignored.completed()
                .ifPresent(completed -> actions.add(Action.Write.text(
                        ignored.file(), "ignores the cache folders", completed, IgnoredFolders.CHARSET)));
        Path lock = LockFile.beside(config.file()).path();
        for (Path file : List.of(config.file(), lock, ignored.file(), tag)) {
            addLeftovers(file, now.minus(PartialFiles.ABANDONED), actions);
        }
        return new Plan(actions);
    }

    /** Temporaries of a file that git would show, because a run was stopped before it moved them over the file. */
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
            return Optional.empty(); // another build's, which has moved it to its place since the folder was read
        }
        if (!attributes.isRegularFile()
                || !attributes.lastModifiedTime().toInstant().isBefore(before)) {
            return Optional.empty();
        }
        return Optional.of(new Action.Delete(
                temporary,
                attributes.size(),
                "a run that was stopped left it",
                () -> Files.deleteIfExists(temporary) ? attributes.size() : 0));
    }

    private void addFolders(List<Action> actions) {
        List<Path> folders = new ArrayList<>(List.of(config.baseDir()));
        config.roots().stream().map(CacheRoot::path).forEach(folders::add);
        folders.stream()
                .filter(folder -> !Files.isDirectory(folder))
                .forEach(folder -> actions.add(new Action.CreateDirectory(folder)));
    }
}
