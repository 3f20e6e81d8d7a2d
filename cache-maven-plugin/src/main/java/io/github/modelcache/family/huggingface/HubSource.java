package io.github.modelcache.family.huggingface;

import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.SourceContext;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.UrlPaths;
import io.github.modelcache.family.WebAddress;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.NameClashes;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.HubRepository;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Repositories of the model hub: {@code hf:org/name}. One request tells the commit of a revision, one a page its files
 * with their sizes and digests; then each file is one plain GET, which every mirror and proxy can serve.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API</a>
 */
public final class HubSource implements Source {

    /** The hub's own address, which locks name whatever mirror a build uses. */
    public static final URI HUB = URI.create("https://huggingface.co/");

    private final HttpTransfer transfer;
    private final Mirrors mirrors;
    private final URI endpoint;
    private final boolean offline;
    private final Supplier<TransferProgress> progress;
    private final Consumer<String> warnings;

    /**
     * A source over a transfer.
     *
     * @param endpoint the hub or its mirror; ends in a slash
     * @param offline whether no request may be sent
     * @param progress makes the listener of one file
     * @param warnings told of a model that has another name now
     */
    public HubSource(
            HttpTransfer transfer,
            Mirrors mirrors,
            URI endpoint,
            boolean offline,
            Supplier<TransferProgress> progress,
            Consumer<String> warnings) {
        this.transfer = transfer;
        this.mirrors = mirrors;
        this.endpoint = endpoint;
        this.offline = offline;
        this.progress = progress;
        this.warnings = warnings;
    }

    /** A source in its usual context. */
    public HubSource(SourceContext context) {
        this(
                context.transfer(),
                context.mirrors(),
                context.hub(),
                context.offline(),
                context.progress(),
                context.warnings());
    }

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        HubRepository repository = repository(reference);
        UnsupportedMembers.refuse(declaration, "sha256", "to");
        requireOnline(reference);
        String asked = declaration.revision().orElse(HubRepository.DEFAULT_REVISION);
        HubApi api = new HubApi(transfer, mirrors.apply(endpoint), reference);
        HubApi.Revision revision = api.revision(repository, asked);
        if (!revision.id().equals(repository.id())) {
            warnRenamed(reference, new HubRepository(repository.type(), revision.id()));
        }
        List<HubApi.TreeFile> tree = api.tree(repository, revision.commit(), wanted(declaration));
        List<ModelFile> files = files(reference, repository, revision.commit(), tree);
        if (files.isEmpty()) {
            throw new ModelException("No file of " + reference + " matches its include and exclude patterns");
        }
        requireOneFileEach(reference, files);
        files.sort(Comparator.comparing(ModelFile::path));
        return new ResolvedModel(
                reference,
                declaration.request(),
                revision.commit(),
                revision.license(),
                revision.gated(),
                Optional.empty(),
                files,
                dependencies(api, repository, revision.commit(), tree, declaration.isWhole()));
    }

    private static Predicate<String> wanted(ModelDeclaration declaration) {
        return new FilePatterns(declaration.include(), declaration.exclude())::wants;
    }

    private static List<ModelFile> files(
            ModelReference reference, HubRepository repository, String commit, List<HubApi.TreeFile> tree)
            throws ModelException {
        List<ModelFile> files = new ArrayList<>();
        for (HubApi.TreeFile entry : tree) {
            files.add(file(reference, repository, commit, entry));
        }
        return files;
    }

    /** One request for the commit, and one a page for the files if it is another one. */
    @Override
    public Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) throws ModelException {
        HubRepository repository = repository(declaration.reference());
        String asked =
                declaration.revision().filter(name -> !HubPlaces.isCommit(name)).orElse(HubRepository.DEFAULT_REVISION);
        HubApi api = new HubApi(transfer, mirrors.apply(endpoint), declaration.reference());
        HubApi.Revision revision = api.revision(repository, asked);
        List<ModelFile> files = locked.files();
        if (!revision.commit().equals(locked.revision())) {
            List<HubApi.TreeFile> tree = api.tree(repository, revision.commit(), wanted(declaration));
            files = files(declaration.reference(), repository, revision.commit(), tree);
        }
        return Optional.of(
                new LatestVersion(revision.commit(), revision.modified(), revision.license(), Optional.of(files)));
    }

    /** A library that asks by the old name finds the model by that name only. */
    private void warnRenamed(ModelReference reference, HubRepository now) {
        warnings.accept(TextSanitizer.text(
                reference + " is now called " + now.reference() + " on the hub. The cache keeps it as "
                        + reference + "; declare " + now.reference()
                        + " if your program loads it by the new name"));
    }

    /** The models that a pipeline names. A value that is a path within its own repository is not a model. */
    private static List<ModelDeclaration> dependencies(
            HubApi api, HubRepository repository, String commit, List<HubApi.TreeFile> tree, boolean whole)
            throws ModelException {
        Optional<HubApi.TreeFile> config = tree.stream()
                .filter(entry -> entry.path().equals(PipelineConfig.FILE) && entry.size() <= PipelineConfig.LARGEST)
                .findFirst();
        if (config.isEmpty()) {
            return List.of();
        }
        List<ModelDeclaration> named = PipelineConfig.models(api.text(repository, commit, config.get()));
        if (named.isEmpty()) {
            return named;
        }
        Set<String> names = named.stream().map(model -> model.reference().id()).collect(Collectors.toSet());
        Set<String> own = new HashSet<>();
        Consumer<String> look = path -> names.stream()
                .filter(name -> path.equals(name) || path.startsWith(name + "/"))
                .forEach(own::add);
        tree.forEach(entry -> look.accept(entry.path()));
        if (!whole) {
            // The patterns may leave out what the values name.
            api.tree(repository, commit, path -> {
                look.accept(path);
                return false;
            });
        }
        return named.stream()
                .filter(model -> !own.contains(model.reference().id()))
                .toList();
    }

    private void requireOneFileEach(ModelReference reference, List<ModelFile> files) throws ModelException {
        Optional<String> clash =
                NameClashes.find(files.stream().map(ModelFile::path).toList());
        if (clash.isPresent()) {
            throw new ModelException("The list of files that " + endpoint + " gives of " + reference
                    + " contradicts itself: " + TextSanitizer.text(clash.get())
                    + ". No repository can contain both, so the"
                    + " answer is wrong: check cache.endpoint and HF_ENDPOINT");
        }
    }

    private static ModelFile file(
            ModelReference reference, HubRepository repository, String commit, HubApi.TreeFile entry)
            throws ModelException {
        Optional<String> problem = SafeRelativePath.problem(entry.path());
        if (problem.isPresent()) {
            throw new ModelException(
                    reference + " has a file whose name '" + TextSanitizer.text(entry.path()) + "' " + problem.get()
                            + "; no file was fetched. Exclude that file with \"exclude\", or tell the"
                            + " repository's owner");
        }
        String url = HUB + repository.webPath() + "/resolve/" + commit + "/" + UrlPaths.encode(entry.path());
        return new ModelFile(entry.path(), entry.size(), Optional.of(entry.digest()), url);
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        repository(model.reference());
        requireOnline(model.reference());
        return (file, partial) -> fetch(model.reference(), file, partial);
    }

    private ModelContent.Received fetch(ModelReference reference, ModelFile file, Path partial) throws ModelException {
        String hub = HUB.toString();
        URI locked = WebAddress.ofLock(reference, file);
        boolean ofHub = file.url().startsWith(hub);
        URI address = ofHub ? URI.create(endpoint + file.url().substring(hub.length())) : locked;
        try {
            TransferResult arrived = transfer.fetch(
                    mirrors.apply(address), partial, new ExpectedContent(file.size(), file.digest()), progress.get());
            return new ModelContent.Received(arrived.size(), arrived.digest());
        } catch (TransferException e) {
            throw HubErrors.ofFile(reference, endpoint, file.path(), e);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be fetched: " + IoErrors.message(e, partial), e);
        }
    }

    private void requireOnline(ModelReference reference) throws ModelException {
        if (offline) {
            throw new ModelException(reference + " is not complete in the cache, and Maven is offline (-o);"
                    + " run mvn cache:download once without -o");
        }
    }

    private static HubRepository repository(ModelReference reference) throws ModelException {
        try {
            return HubRepository.parse(reference.id());
        } catch (IllegalArgumentException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        }
    }
}
