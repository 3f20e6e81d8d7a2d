package io.github.modelcache.verify;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.CacheRoot;
import io.github.modelcache.io.Printable;
import io.github.modelcache.layout.Placeholders;
import io.github.modelcache.layout.PlatformFiles;
import io.github.modelcache.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Looks for cached files that git tracks: each of them is in every clone for ever, whoever deletes it later. */
final class GitCheck implements Check {

    private final CacheConfig config;
    private final TrackedFiles tracked;

    GitCheck(CacheConfig config, TrackedFiles tracked) {
        this.config = config;
        this.tracked = tracked;
    }

    @Override
    public void run(Consumer<Finding> findings) throws IOException {
        Path project = real(config.projectRoot());
        Optional<Path> top = repository(project);
        if (top.isEmpty()) {
            return;
        }
        SortedMap<String, Tracked> folders = folders(project, top.get());
        if (folders.isEmpty()) {
            return;
        }
        try {
            tracked.each(top.get(), List.copyOf(folders.keySet()), name -> count(folders, name));
        } catch (IOException e) {
            findings.accept(Finding.of(
                            FindingId.UNVERIFIABLE,
                            "Whether git tracks cached files can't be told: " + e.getMessage(),
                            "make 'git ls-files' work in " + top.get() + ", then run mvn cache:verify again")
                    .at(top.get().resolve(".git")));
            return;
        }
        folders.values().stream().filter(found -> found.files > 0).forEach(found -> findings.accept(found.finding()));
    }

    /** The nearest folder with a {@code .git}, which is a file in a second work tree. */
    private static Optional<Path> repository(Path project) {
        for (Path folder = project; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    /** The roots that lie in the repository, by their names in it; one that is a link by the place it leads to too. */
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

    private static void count(Map<String, Tracked> folders, String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (Placeholders.is(name) || PlatformFiles.is(name)) {
            return;
        }
        for (int end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
            Tracked folder = folders.get(file.substring(0, end));
            if (folder != null) {
                folder.add(file);
                return;
            }
        }
    }

    /** What git tracks below one folder. */
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
         * @param shown as people see it who stand in the project
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
            String example = Printable.text(shown + first.substring(name.length()));
            return Finding.of(
                            FindingId.MODEL_IN_GIT,
                            files == 1
                                    ? "git tracks " + example + ", a file of the " + root.name() + " cache"
                                    : "git tracks " + files + " files of the " + root.name() + " cache, such as "
                                            + example,
                            "git rm -r --cached " + quoted(shown) + ", then commit")
                    .at(root.path());
        }

        private static String quoted(String text) {
            return text.matches("[A-Za-z0-9_./:@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
        }
    }
}
