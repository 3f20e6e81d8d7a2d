package io.github.modelcache.family.maven;

import io.github.modelcache.archive.Archive;
import io.github.modelcache.archive.ZipArchive;
import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.ArchivedFiles;
import io.github.modelcache.family.ArtifactResolver;
import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.files.AtomicFiles;
import io.github.modelcache.files.DiskSpace;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.files.copy.AtomicFileOperations;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ModelRequest;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Models from a Maven repository: {@code maven:groupId:artifactId[:extension[:classifier]]:version}. Of an archive
 * everything but classes and {@code META-INF} is the model; any other artifact is the model's one file.
 *
 * @param downloads where tar files are unpacked to before their files are taken
 */
public record MavenSource(ArtifactResolver resolver, Path downloads) implements Source {
    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        MavenCoordinates declared = coordinates(reference);
        UnsupportedMembers.refuse(declaration, "revision", "sha256", "to");
        MavenCoordinates found = declared.moving() ? declared.at(resolver.version(declared)) : declared;
        FilePatterns patterns = new FilePatterns(declaration.include(), declaration.exclude());
        List<ModelFile> files = unpacks(found, declaration.request())
                ? unpacked(reference, found, patterns)
                : single(reference, found, declared.named(found.version()).fileName(), patterns);
        if (files.isEmpty()) {
            throw new ModelException(reference + " contains no model file"
                    + (declaration.include().isEmpty() && declaration.exclude().isEmpty()
                            ? ", only classes and META-INF; check the coordinates"
                            : " that matches its include and exclude patterns; check them"));
        }
        files.sort(Comparator.comparing(ModelFile::path));
        return new ResolvedModel(
                reference, declaration.request(), found.version(), resolver.license(found), false, files);
    }

    private static boolean unpacks(MavenCoordinates coordinates, ModelRequest request) {
        return coordinates.archive() && request.unpack().orElse(true);
    }

    private List<ModelFile> unpacked(ModelReference reference, MavenCoordinates coordinates, FilePatterns patterns)
            throws ModelException {
        Path artifact = artifact(reference, coordinates);
        try (ArchivedFiles archive = open(reference, artifact)) {
            List<ModelFile> files =
                    archive.list(name -> isModel(name) && patterns.wants(name), coordinates::packageUrl);
            for (ModelFile file : files) {
                requireFileName(reference, file.path());
            }
            return files;
        } catch (IOException e) {
            throw unreadable(reference, artifact, e);
        }
    }

    private ArchivedFiles open(ModelReference reference, Path artifact) throws IOException {
        Archive archive = Archive.open(artifact, downloads);
        return new ArchivedFiles(
                reference,
                archive,
                archive.entries().stream().collect(Collectors.toMap(ZipArchive.Entry::name, Function.identity())));
    }

    private List<ModelFile> single(
            ModelReference reference, MavenCoordinates coordinates, String name, FilePatterns patterns)
            throws ModelException {
        List<ModelFile> files = new ArrayList<>();
        if (!patterns.wants(name)) {
            return files;
        }
        Path artifact = artifact(reference, coordinates);
        try {
            Digest digest = Hashing.digest(artifact, DigestAlgorithm.SHA256);
            files.add(new ModelFile(name, Files.size(artifact), Optional.of(digest), coordinates.packageUrl(name)));
        } catch (IOException e) {
            throw unreadable(reference, artifact, e);
        }
        return files;
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        ModelReference reference = model.reference();
        MavenCoordinates locked = locked(model);
        Path artifact = artifact(reference, locked);
        if (!unpacks(locked, model.request())) {
            return (file, partial) -> copied(reference, artifact, partial);
        }
        try {
            return open(reference, artifact);
        } catch (IOException e) {
            throw unreadable(reference, artifact, e);
        }
    }

    @Override
    public Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) throws ModelException {
        MavenCoordinates declared = coordinates(declaration.reference());
        String newest = declared.snapshot()
                ? resolver.version(declared)
                : resolver.newer(locked(locked)).orElse(locked.revision());
        Optional<List<ModelFile>> files =
                newest.equals(locked.revision()) ? Optional.of(locked.files()) : Optional.empty();
        return Optional.of(new LatestVersion(newest, Optional.empty(), Optional.empty(), files));
    }

    private static MavenCoordinates locked(ResolvedModel model) throws ModelException {
        MavenCoordinates declared = coordinates(model.reference());
        try {
            return declared.moving() ? declared.at(model.revision()) : declared;
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    model.reference() + ": in the lock, " + e.getMessage() + "; run mvn cache:lock -Dcache.update="
                            + model.reference(),
                    e);
        }
    }

    private static ModelContent.Received copied(ModelReference reference, Path artifact, Path partial)
            throws ModelException {
        try {
            Digest digest = Hashing.digest(artifact, DigestAlgorithm.SHA256);
            new AtomicFileOperations().copy(artifact, AtomicFiles.temporaryBeside(partial), partial, digest);
            return new ModelContent.Received(Files.size(partial), digest);
        } catch (IOException e) {
            throw DiskSpace.isFull(e, partial) ? full(reference, partial, e) : unreadable(reference, artifact, e);
        }
    }

    private static ModelException full(ModelReference reference, Path partial, IOException cause) {
        return new ModelException(
                reference + " can't be stored: the disk of " + partial.getParent() + " is full", cause);
    }

    /** Directories, classes and META-INF belong to the archive, not to the model. */
    private static boolean isModel(String name) {
        return !name.endsWith("/") && !name.endsWith(".class") && !name.startsWith("META-INF/");
    }

    private static void requireFileName(ModelReference reference, String name) throws ModelException {
        Optional<String> problem = SafeRelativePath.problem(name);
        if (problem.isPresent()) {
            throw new ModelException(reference + " contains a file whose name '" + TextSanitizer.text(name) + "' "
                    + problem.get() + "; exclude it with \"exclude\", or tell the publisher of the artifact");
        }
    }

    private static MavenCoordinates coordinates(ModelReference reference) throws ModelException {
        try {
            return MavenCoordinates.parse(reference.id());
        } catch (IllegalArgumentException e) {
            throw new ModelException(reference + ": " + e.getMessage(), e);
        }
    }

    private Path artifact(ModelReference reference, MavenCoordinates coordinates) throws ModelException {
        Path artifact = resolver.resolve(coordinates);
        if (Files.isDirectory(artifact)) {
            throw new ModelException(reference + " is built by a module of this build that is not packaged yet ("
                    + artifact + " is a folder). Run mvn package, or bind the goal to a phase of a later module that"
                    + " runs when that one is packaged");
        }
        return artifact;
    }

    private static ModelException unreadable(ModelReference reference, Path artifact, IOException cause) {
        return new ModelException(
                reference + " can't be read: " + cause.getMessage() + ". Maven has it as " + artifact
                        + "; if that differs from the file in the repository, its download was damaged",
                cause);
    }
}
