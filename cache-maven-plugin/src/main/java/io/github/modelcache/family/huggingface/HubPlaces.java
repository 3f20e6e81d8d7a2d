package io.github.modelcache.family.huggingface;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.PlatformFiles;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.inventory.scan.CacheEntry;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The paths of a hub cache. They follow from names; the disk is not read.
 *
 * @see <a href="https://huggingface.co/docs/hub/local-cache">The hub's local cache</a>
 */
public record HubPlaces(Path root) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]+");
    private static final int STORED_DIGITS = 64;
    private static final String LOCK = ".lock";
    private static final String BLOBS = "blobs";
    private static final String SNAPSHOTS = "snapshots";
    private static final String REFS = "refs";
    private static final String TREES = "trees";
    private static final String ABSENT = ".no_exist";

    /** The kinds of folders. */
    public enum Kind {
        /** Blobs of a repository, named by their etag, or links into the shared store. */
        BLOBS,
        /** Files of a commit as libraries read them: links to blobs, or real files on disks without links. */
        SNAPSHOT,
        /** Files that name a commit each. */
        REFS,
        /** File lists of commits. */
        TREES,
        /** Notes that a commit has no file of a name. */
        ABSENCE,
        /** The shared store: blobs of several repositories, named by a hash that only the hub can compute. */
        STORE,
        /** Locks, and files of other programs. */
        OTHER
    }

    /**
     * A folder's place.
     *
     * @param repository the folder of its repository; the root of the hub cache if it has no repository
     */
    public record Place(Path repository, Kind kind) {}

    /** Whether a folder is in this cache. */
    public boolean hold(Path folder) {
        return folder.startsWith(root);
    }

    /** The place of a folder of this cache. */
    public Place of(Path folder) {
        int depth = folder.getNameCount() - root.getNameCount();
        if (depth < 1) {
            return new Place(root, Kind.OTHER);
        }
        String top = name(folder, 0);
        if (top.equals(BLOBS)) {
            return new Place(root, Kind.STORE);
        }
        boolean repository = depth > 1 && !top.startsWith(".") && top.contains("--") && !isForeign(folder, depth);
        return repository ? new Place(root.resolve(top), kind(name(folder, 1), depth)) : new Place(root, Kind.OTHER);
    }

    private static Kind kind(String part, int depth) {
        return switch (part) {
            case BLOBS -> depth == 2 ? Kind.BLOBS : Kind.OTHER;
            case TREES -> depth == 2 ? Kind.TREES : Kind.OTHER;
            case SNAPSHOTS -> depth > 2 ? Kind.SNAPSHOT : Kind.OTHER;
            case REFS -> Kind.REFS;
            case ABSENT -> Kind.ABSENCE;
            default -> Kind.OTHER;
        };
    }

    /**
     * The order in which a repository's files are deleted: refs and snapshots before blobs, so that an interrupted run
     * leaves no broken link.
     */
    public Comparator<Path> deletionOrder() {
        return Comparator.comparing(path -> switch (of(folder(path)).kind()) {
            case REFS -> 0;
            case TREES -> 1;
            case SNAPSHOT -> 2;
            case ABSENCE, OTHER -> 3;
            case BLOBS -> 4;
            case STORE -> 5;
        });
    }

    /** What an entry of this cache is. */
    HubPart part(CacheEntry entry) {
        return HubPart.of(of(folder(entry.path())).kind(), entry);
    }

    private static Path folder(Path entry) {
        return entry.resolveSibling(".").normalize();
    }

    /** Whether a folder is one of the system or of a sync tool, or lies in one. */
    private boolean isForeign(Path folder, int depth) {
        for (int level = 2; level < depth; level++) {
            if (PlatformFiles.isForeign(name(folder, level))) {
                return true;
            }
        }
        return false;
    }

    private String name(Path folder, int level) {
        return folder.getName(root.getNameCount() + level).toString();
    }

    /** The folder of the repository that a path below it belongs to. */
    public Path repositoryOf(Path below) {
        return root.resolve(name(below, 0));
    }

    /** The snapshot's folder that a file of a repository lies in. */
    public Path snapshotOf(Path file) {
        return root.resolve(file.subpath(root.getNameCount(), root.getNameCount() + 3));
    }

    /** A file's name within its snapshot, as the hub names it: with {@code /} between segments. */
    public static String nameIn(Path snapshot, Path file) {
        return snapshot.relativize(file).toString().replace('\\', '/');
    }

    /** The folder of the files of all commits. */
    public static Path snapshots(Path repository) {
        return repository.resolve(SNAPSHOTS);
    }

    /** The folder of the files that name commits. */
    public static Path refs(Path repository) {
        return repository.resolve(REFS);
    }

    /** The folder of the notes about files that a commit does not have. */
    public static Path absent(Path repository, String commit) {
        return repository.resolve(ABSENT).resolve(commit);
    }

    /** The store of blobs that the repositories of a hub cache share. */
    public static Path store(Path root) {
        return root.resolve(BLOBS);
    }

    /** The parts of a repository besides its blobs, in the order of deletion. */
    public static List<Path> notes(Path repository) {
        return List.of(
                repository.resolve(REFS),
                repository.resolve(SNAPSHOTS),
                repository.resolve(TREES),
                repository.resolve(ABSENT));
    }

    /** The folder of a commit's files. */
    public static Path snapshot(Path repository, String commit) {
        return repository.resolve(SNAPSHOTS).resolve(commit);
    }

    /** The branch, tag or commit that a request asks for. */
    public static String revision(ModelRequest request) {
        return request.revision().orElse(HubRepository.DEFAULT_REVISION);
    }

    /** The ref of a branch or tag; empty for a commit, and for a name that is not a safe path. */
    public static Optional<Path> ref(Path repository, String name) {
        return isCommit(name) || SafeRelativePath.problem(name).isPresent()
                ? Optional.empty()
                : Optional.of(repository.resolve(REFS).resolve(name));
    }

    /** The file list of a commit. */
    public static Path tree(Path repository, String commit) {
        return repository.resolve(TREES).resolve(commit + ".json");
    }

    /** The folder of a repository's contents. */
    public static Path blobs(Path repository) {
        return repository.resolve(BLOBS);
    }

    /** Whether a folder has the name of a folder of blobs. */
    public static boolean isBlobs(Path folder) {
        return folder.endsWith(BLOBS);
    }

    /**
     * Whether a file beside the blobs is a lock: clients before 0.19 and the Rust client write locks there.
     */
    public static boolean isLock(String name) {
        return name.endsWith(LOCK);
    }

    /** The folder of the repository that a file belongs to, in whatever hub cache it lies; empty for any other file. */
    public static Optional<Path> repositoryAround(Path file) {
        for (Path part = file.getParent(); part != null; part = part.getParent()) {
            Path repository = part.getParent();
            boolean named = part.endsWith(BLOBS) || part.endsWith(SNAPSHOTS);
            if (named && repository != null && reference(repository).isPresent()) {
                return Optional.of(repository);
            }
        }
        return Optional.empty();
    }

    /** Whether a text is a commit: exactly 40 lower-case hexadecimal digits, not even a newline more. */
    public static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /**
     * The algorithm whose digest names a blob: 64 hexadecimal digits are the SHA-256 of a large file, 40 are git's
     * SHA-1 of a small one. Other names come from mirrors and are not digests.
     */
    public static Optional<DigestAlgorithm> algorithm(String blobName) {
        for (DigestAlgorithm algorithm : new DigestAlgorithm[] {DigestAlgorithm.SHA256, DigestAlgorithm.GIT_SHA1}) {
            if (blobName.length() == algorithm.hexLength()
                    && DIGITS.matcher(blobName).matches()) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** Whether a file of the shared store is a blob, and not a list or a lock beside one. */
    public static boolean isStored(String name) {
        return name.length() == STORED_DIGITS && DIGITS.matcher(name).matches();
    }

    /** The name of the blob that holds a content. */
    public static String blobName(Digest digest) {
        return digest.hex();
    }

    /** The model whose repository a folder is; empty for any other folder. */
    public static Optional<ModelReference> reference(Path folder) {
        String name = String.valueOf(folder.getFileName());
        int separator = name.indexOf("--");
        if (separator < 0) {
            return Optional.empty();
        }
        try {
            String plural = name.substring(0, separator);
            String id = name.substring(separator + 2).replaceFirst("--", "/");
            return Optional.of(HubRepository.parse(plural.equals("models") ? id : plural + "/" + id))
                    .filter(repository -> repository.folder().equals(name))
                    .map(HubRepository::reference);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
