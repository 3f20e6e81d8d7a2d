package io.github.modelcache.verify.checks;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.family.FolderKeepers;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.finding.Finding;
import io.github.modelcache.finding.FindingId;
import io.github.modelcache.finding.Severity;
import io.github.modelcache.git.GitRepository;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Finds cached files that git tracks: each of them remains in every clone, even if it is deleted later. */
public record GitCheck(CacheConfig config) implements Check {
    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        Path project = real(config.projectRoot());
        Optional<GitRepository> repository = GitRepository.around(project);
        if (repository.isEmpty()) {
            return;
        }
        Path top = repository.get().top();
        SortedMap<String, Tracked> folders = folders(project, top);
        if (folders.isEmpty()) {
            return;
        }
        List<String> closed = new ArrayList<>();
        try {
            repository.get().tracked(name -> count(folders, name, closed));
        } catch (IOException e) {
            findings.accept(unknown(top, IoErrors.message(e, top)));
            return;
        }
        if (!closed.isEmpty()) {
            findings.accept(unknown(top, "its sparse index does not list the files in " + closed.get(0)));
        }
        folders.values().stream().filter(found -> found.files > 0).forEach(found -> findings.accept(found.finding()));
    }

    private static Finding unknown(Path top, String reason) {
        return Finding.of(
                        FindingId.UNVERIFIABLE,
                        "Whether git tracks cached files is unknown: " + reason,
                        "run git -C " + quoted(top.toString()) + " ls-files to see the error")
                .at(top.resolve(".git"));
    }

    /** The roots in the repository, by their names in it; a link also by its target. */
    private SortedMap<String, Tracked> folders(Path project, Path top) throws IOException {
        SortedMap<String, Tracked> folders = new TreeMap<>();
        for (CacheRoot root : config.roots()) {
            List<Path> places = new ArrayList<>();
            places.add(
                    root.path().startsWith(config.projectRoot())
                            ? project.resolve(config.projectRoot().relativize(root.path()))
                            : root.path());
            places.add(real(root.path()));
            for (Path place : places) {
                if (place.startsWith(top) && !place.equals(top)) {
                    String name = top.relativize(place).toString().replace('\\', '/');
                    folders.putIfAbsent(name, new Tracked(root, name, Plan.name(project, place)));
                }
            }
        }
        return folders;
    }

    private static Path real(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : path;
    }

    /**
     * Counts a tracked file for the folder that it lies in.
     *
     * @param closed collects folders above a cache that git does not list file by file
     */
    private static void count(SortedMap<String, Tracked> folders, String file, List<String> closed) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (FolderKeepers.is(name) || PlatformFiles.is(name)) {
            return;
        }
        for (int end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
            Tracked folder = folders.get(file.substring(0, end));
            if (folder != null) {
                folder.add(file);
                return;
            }
        }
        if (name.isEmpty() && folders.keySet().stream().anyMatch(folder -> folder.startsWith(file))) {
            closed.add(TextSanitizer.text(file));
        }
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** The tracked files below one folder. */
    private static final class Tracked {

        private final CacheRoot root;
        private final String name;
        private final String shown;
        private int files;
        private String first = "";

        /**
         * A folder.
         *
         * @param name in the repository
         * @param shown its name relative to the project
         */
        Tracked(CacheRoot root, String name, String shown) {
            this.root = root;
            this.name = name;
            this.shown = shown;
        }

        void add(String file) {
            first = files == 0 ? file : first;
            files++;
        }

        Finding finding() {
            String example = TextSanitizer.text(shown + first.substring(name.length()));
            return Finding.of(
                            FindingId.MODEL_IN_GIT,
                            files == 1
                                    ? "git tracks " + example + ", a file of the " + root.name() + " cache"
                                    : "git tracks " + files + " files of the " + root.name() + " cache, such as "
                                            + example,
                            "git rm -r --cached " + quoted(shown) + ", then commit")
                    .at(root.path())
                    .as(root.kind() == CacheRoot.Kind.APPLICATION ? Severity.WARNING : Severity.ERROR);
        }
    }
}
