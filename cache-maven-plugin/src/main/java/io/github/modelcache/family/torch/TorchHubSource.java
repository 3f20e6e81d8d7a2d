package io.github.modelcache.family.torch;

import io.github.modelcache.archive.ArchiveException;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.UrlPaths;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchHubRepository;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Repositories that {@code torch.hub.load} reads: {@code torchhub:owner/name[@ref]}. GitHub gives a commit as one zip
 * file. Its bytes may differ tomorrow, the files in it may not, so the lock has the digests of the files.
 *
 * <p>The archive is kept beside the caches until the model is complete, so that a {@code cache:lock} and the
 * {@code cache:download} after it ask once.
 *
 * @param downloads the folder where archives are kept for a while
 * @see <a href="https://docs.github.com/en/repositories/working-with-files/using-files/downloading-source-code-archives">
 *     Source code archives, and what of them is stable</a>
 */
public record TorchHubSource(WebAccess web, Path downloads) implements Source {
    static final String HOST = "https://github.com/";

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        UnsupportedMembers.refuse(declaration, "sha256", "to");
        TorchHubRepository repository = repository(reference);
        requireFolderName(declaration, repository);
        try (ProcessLock held = lock(repository)) {
            Fetched fetched = fetchAsked(declaration, repository);
            String revision;
            ResolvedModel model;
            try (GitHubArchive archive = opened(reference, fetched.address(), fetched.archive())) {
                // One that names no commit was not packed by git; then the asked name has to do, and the digests in the
                // lock tell when it moves.
                revision = archive.commit().orElse(fetched.asked());
                model = new ResolvedModel(
                        reference,
                        declaration.request(),
                        revision,
                        Optional.empty(),
                        false,
                        fetched.chosen(),
                        files(declaration, address(repository, revision), archive),
                        List.of());
            } catch (ArchiveException e) {
                throw rejected(reference, fetched.address(), fetched.archive(), e);
            }
            requireAsked(reference, fetched, revision);
            AtomicFiles.publish(fetched.archive(), place(repository, revision));
            return model;
        } catch (IOException e) {
            throw new ModelException(reference + " can't be resolved: " + IoErrors.message(e, downloads), e);
        }
    }

    /** The commit of the branch. */
    @Override
    public Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) throws ModelException {
        TorchHubRepository repository = repository(declaration.reference());
        List<String> branches = declaration
                .revision()
                .or(repository::ref)
                .or(locked::branch)
                .map(List::of)
                .orElse(TorchHubRepository.DEFAULT_BRANCHES);
        return GitHubRefs.commit(web, declaration.reference(), repository, branches)
                .map(commit -> new LatestVersion(commit, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        ModelReference reference = model.reference();
        TorchHubRepository repository = repository(reference);
        URI address = address(repository, model.revision());
        Path place = place(repository, model.revision());
        try (ProcessLock held = lock(repository)) {
            if (!isUsable(place)) {
                try {
                    fetch(reference, address, place);
                } catch (TransferException e) {
                    throw missing(reference, model.revision(), e);
                }
            }
            return new TorchHubContent(opened(reference, address, place).content(reference), place);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be fetched: " + IoErrors.message(e, place), e);
        }
    }

    @Override
    public void release(ResolvedModel model) {
        try {
            TorchHubRepository repository =
                    TorchHubRepository.parse(model.reference().id());
            Path place = place(repository, model.revision());
            if (Files.exists(place)) {
                deleteArchive(repository, place);
            }
        } catch (IOException | IllegalArgumentException e) {
            return; // In use by another build; cache:clean drops it when it is old.
        }
    }

    /** Not while another model of the same commit is about to open it. */
    private void deleteArchive(TorchHubRepository repository, Path place) throws IOException {
        try (ProcessLock held = lock(repository)) {
            Files.deleteIfExists(place);
        }
    }

    /** An archive that was fetched for a declaration. */
    private record Fetched(String asked, Optional<String> chosen, URI address, Path archive) {}

    private Fetched fetchAsked(ModelDeclaration declaration, TorchHubRepository repository)
            throws ModelException, IOException {
        ModelReference reference = declaration.reference();
        Optional<String> asked = declaration.revision().or(repository::ref);
        List<String> candidates = asked.map(List::of).orElse(TorchHubRepository.DEFAULT_BRANCHES);
        Optional<TransferException> problem = Optional.empty();
        for (String candidate : candidates) {
            URI address = address(repository, candidate);
            Path place = place(repository, candidate);
            try {
                // A branch or tag may have moved; only the archive of a commit is what it was.
                if (!TorchHubRepository.isCommit(candidate) || !isUsable(place)) {
                    fetch(reference, address, place);
                }
                Optional<String> chosen = repository.ref().isPresent() ? Optional.empty() : Optional.of(candidate);
                return new Fetched(candidate, chosen, address, place);
            } catch (TransferException e) {
                problem = Optional.of(e);
                if (e.kind() != TransferException.Kind.NOT_FOUND) {
                    break;
                }
            }
        }
        throw missing(reference, String.join("' or '", candidates), problem.orElseThrow());
    }

    private void fetch(ModelReference reference, URI address, Path place)
            throws ModelException, TransferException, IOException {
        Path partial = place.resolveSibling(place.getFileName() + ".partial");
        TransferResult arrived = web.attempt(reference, address, partial, ExpectedContent.NONE);
        if (arrived.contentType().orElse("").startsWith("text/html")) {
            Files.deleteIfExists(partial);
            throw new ModelException(reference + ": " + address + " returned an HTML page instead of an archive;"
                    + " check cache.mirrors and whether a proxy asks for a login");
        }
        AtomicFiles.publish(partial, place);
    }

    /** What an earlier run left may be broken: files are not flushed to the disk. */
    private static boolean isUsable(Path place) {
        if (!Files.isRegularFile(place)) {
            return false;
        }
        try (GitHubArchive archive = GitHubArchive.open(place)) {
            return !archive.files().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static GitHubArchive opened(ModelReference reference, URI address, Path place) throws ModelException {
        try {
            return GitHubArchive.open(place);
        } catch (IOException e) {
            throw rejected(reference, address, place, e);
        }
    }

    private static ModelException rejected(ModelReference reference, URI address, Path place, IOException cause) {
        ModelException problem = new ModelException(
                reference + " can't be unpacked: the archive from " + address + " was rejected: " + cause.getMessage()
                        + ". Nothing was added to the cache; check cache.mirrors, or tell the repository's owner",
                cause);
        return afterDeleting(place, problem);
    }

    /** A broken archive, or another one than was asked for, is deleted, so that the next run does not meet it again. */
    private static ModelException afterDeleting(Path place, ModelException problem) {
        try {
            Files.deleteIfExists(place);
        } catch (IOException e) {
            problem.addSuppressed(e);
        }
        return problem;
    }

    private static void requireAsked(ModelReference reference, Fetched fetched, String found) throws ModelException {
        if (TorchHubRepository.isCommit(fetched.asked()) && !found.equals(fetched.asked())) {
            ModelException problem = new ModelException(
                    reference + ": " + fetched.address() + " sends the commit " + found + "; check cache.mirrors");
            throw afterDeleting(fetched.archive(), problem);
        }
    }

    private static List<ModelFile> files(ModelDeclaration declaration, URI address, GitHubArchive archive)
            throws ModelException, IOException {
        FilePatterns patterns = new FilePatterns(declaration.include(), declaration.exclude());
        List<ModelFile> files =
                archive.content(declaration.reference()).list(patterns::wants, path -> address.toString());
        if (files.isEmpty()) {
            throw new ModelException(
                    "No file of " + declaration.reference() + " matches its include and exclude patterns");
        }
        return files;
    }

    private static ModelException missing(ModelReference reference, String asked, TransferException problem) {
        if (problem.kind() != TransferException.Kind.NOT_FOUND) {
            return WebAccess.problem(reference, problem);
        }
        return new ModelException(
                reference + " could not be resolved: GitHub has no such repository, or no branch, tag or commit '"
                        + asked
                        + "' in it. Check the names; GitHub gives the same answer for a private repository: put a token into a"
                        + " <server> of settings.xml whose id is github.com",
                problem);
    }

    private static void requireFolderName(ModelDeclaration declaration, TorchHubRepository repository)
            throws ModelException {
        if (declaration.revision().isPresent() && repository.ref().isEmpty()) {
            throw new ModelException(declaration.reference() + ": a reference with \"revision\" must name the ref"
                    + " that torch.hub.load uses, because the folder is named after it; write "
                    + declaration.reference() + "@main, or another branch in place of main");
        }
        try {
            declaration.revision().ifPresent(TorchHubRepository::requireRef);
        } catch (IllegalArgumentException e) {
            throw new ModelException(declaration.reference() + ": " + e.getMessage(), e);
        }
    }

    private static TorchHubRepository repository(ModelReference reference) throws ModelException {
        try {
            return TorchHubRepository.parse(reference.id());
        } catch (IllegalArgumentException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
    }

    private static URI address(TorchHubRepository repository, String revision) {
        return URI.create(HOST + repository.path() + "/zipball/" + UrlPaths.encode(revision));
    }

    private Path place(TorchHubRepository repository, String revision) {
        byte[] name = address(repository, revision).toString().getBytes(StandardCharsets.UTF_8);
        byte[] hash = DigestAlgorithm.SHA256.start(name.length).digest(name);
        String digits = HexFormat.of().formatHex(hash, 0, 8);
        return downloads.resolve(repository.folder(digits) + ".zip");
    }

    /** Keeps two builds from fetching one archive into one file. */
    private ProcessLock lock(TorchHubRepository repository) throws IOException {
        return ProcessLock.acquire(
                downloads.resolveSibling("locks").resolve(repository.folder("zip") + ".lock"), () -> {});
    }
}
