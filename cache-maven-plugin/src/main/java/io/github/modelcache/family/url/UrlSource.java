package io.github.modelcache.family.url;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.ArchivedFiles;
import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.WebAddress;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.UrlTarget;
import io.github.modelcache.process.ProcessLock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files by address: {@code url:https://host/path}, {@code url:http://…} or {@code url:file:///…}. The digest is the
 * declaration's {@code sha256}, or the one that the lock records after the first fetch. A zip, tar.gz or tar.bz2 is
 * unpacked, unless the declaration says {@code "unpack": false}; the lock then has the files, and the archive's digest for
 * its revision.
 *
 * @param downloads where archives lie while models are unpacked from them
 */
public record UrlSource(WebAccess web, Path downloads) implements Source {
    private static final String EXAMPLE = "url:https://host/file, url:http://… or url:file:///path";

    private static final String[] WHOLE = {"revision", "include", "exclude"};

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        URI address = WebAddress.of(reference, EXAMPLE);
        String path = UrlTarget.file(address, declaration.request());
        boolean unpack = declaration.form().unpack().orElseGet(() -> UrlTarget.isArchive(address.getPath()));
        UnsupportedMembers.refuse(declaration, unpack ? new String[] {"revision"} : WHOLE);
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(
                    reference + ": the file name '" + path + "' " + problem.get() + "; give it another with \"to\"");
        }
        if (unpack) {
            return unpacked(declaration, address, UrlTarget.stem(path));
        }
        ModelFile file = new ModelFile(path, ModelFile.UNKNOWN_SIZE, declaration.sha256(), address.toString());
        String revision = declaration.sha256().map(Object::toString).orElse("");
        return ResolvedModel.ofFile(declaration, revision, Optional.empty(), file);
    }

    private ResolvedModel unpacked(ModelDeclaration declaration, URI address, String folder) throws ModelException {
        ModelReference reference = declaration.reference();
        try (ProcessLock held = lock(reference)) {
            Digest digest = fetch(reference, address, declaration.sha256());
            try (ArchivedFiles archive = UrlArchive.open(reference, place(reference), folder)) {
                List<ModelFile> files = list(declaration, archive, folder, address.toString());
                return new ResolvedModel(
                        reference, declaration.request(), digest.toString(), Optional.empty(), false, files);
            }
        } catch (IOException e) {
            throw new ModelException(reference + " can't be resolved: " + IoErrors.message(e, place(reference)), e);
        }
    }

    private static List<ModelFile> list(
            ModelDeclaration declaration, ArchivedFiles archive, String folder, String address) throws ModelException {
        FilePatterns patterns = new FilePatterns(declaration.include(), declaration.exclude());
        List<ModelFile> files;
        try {
            files = archive.list(path -> patterns.wants(path.substring(folder.length() + 1)), path -> address);
        } catch (IOException e) {
            throw new ModelException(declaration.reference() + " can't be unpacked: " + e.getMessage(), e);
        }
        if (files.isEmpty()) {
            throw new ModelException(
                    "No file of " + declaration.reference() + " matches its include and exclude patterns");
        }
        return files;
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        ModelReference reference = model.reference();
        URI address = WebAddress.of(reference, EXAMPLE);
        Optional<String> folder = UrlTarget.folder(model);
        if (folder.isEmpty()) {
            return (file, partial) -> web.fetch(reference, file, partial);
        }
        try (ProcessLock held = lock(reference)) {
            Digest locked = Digest.parse(model.revision());
            if (!Files.isRegularFile(place(reference))
                    || !Hashing.digest(place(reference), DigestAlgorithm.SHA256).equals(locked)) {
                fetch(reference, address, Optional.of(locked));
            }
            return UrlArchive.open(reference, place(reference), folder.get());
        } catch (IllegalArgumentException e) {
            throw new ModelException(reference + " can't be fetched: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be fetched: " + IoErrors.message(e, place(reference)), e);
        }
    }

    @Override
    public Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) throws ModelException {
        URI address = WebAddress.of(declaration.reference(), EXAMPLE);
        return "file".equals(address.getScheme())
                ? Optional.empty()
                : UrlHead.of(web.head(declaration.reference(), address)).latest(locked);
    }

    private Digest fetch(ModelReference reference, URI address, Optional<Digest> expected)
            throws ModelException, IOException {
        Path place = place(reference);
        Path partial = place.resolveSibling(place.getFileName() + ".partial");
        AtomicFiles.createParents(partial);
        ModelFile archive = new ModelFile("archive", ModelFile.UNKNOWN_SIZE, expected, address.toString());
        Digest digest = web.fetch(reference, archive, partial).digest();
        AtomicFiles.publish(partial, place);
        return digest;
    }

    @Override
    public void release(ResolvedModel model) {
        if (UrlTarget.folder(model).isPresent() && Files.exists(place(model.reference()))) {
            try (ProcessLock held = lock(model.reference())) {
                Files.deleteIfExists(place(model.reference()));
            } catch (IOException e) {
                return; // In use by another build; cache:clean deletes it when it is old.
            }
        }
    }

    private Path place(ModelReference reference) {
        byte[] name = reference.toString().getBytes(StandardCharsets.UTF_8);
        return downloads.resolve(
                "url-" + Hashing.digest(name, DigestAlgorithm.SHA256).hex().substring(0, 16));
    }

    /** Keeps two builds from fetching one archive into one file. */
    private ProcessLock lock(ModelReference reference) throws IOException {
        return ProcessLock.acquire(
                downloads.resolveSibling("locks").resolve(place(reference).getFileName() + ".lock"), () -> {});
    }
}
