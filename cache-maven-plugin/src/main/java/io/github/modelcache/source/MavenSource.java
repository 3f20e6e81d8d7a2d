package io.github.modelcache.source;

import io.github.modelcache.io.Digest;
import io.github.modelcache.io.DiskSpace;
import io.github.modelcache.io.Printable;
import io.github.modelcache.io.RelativeName;
import io.github.modelcache.io.ZipArchive;
import io.github.modelcache.model.FilePatterns;
import io.github.modelcache.model.MavenCoordinates;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.units.ByteSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Models inside an artifact of a Maven repository: {@code maven:groupId:artifactId[:extension[:classifier]]:version}.
 * Everything in the archive but classes and {@code META-INF} is the model.
 */
public final class MavenSource implements Source {

    private final ArtifactResolver resolver;

    /** A source that asks Maven's resolver for the artifacts. */
    public MavenSource(ArtifactResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        MavenCoordinates coordinates = coordinates(reference);
        UnusedMembers.refuse(declaration, "revision", "sha256", "to");
        FilePatterns patterns = new FilePatterns(declaration.include(), declaration.exclude());
        List<ModelFile> files = new ArrayList<>();
        try (ZipArchive archive = archive(reference, coordinates)) {
            for (ZipArchive.Entry entry : archive.entries()) {
                if (isModel(entry.name()) && patterns.wants(entry.name())) {
                    requireFileName(reference, entry.name());
                    // Reads every entry before the first is unpacked: of a damaged archive nothing is taken.
                    files.add(new ModelFile(
                            entry.name(),
                            entry.size(),
                            Optional.of(archive.digest(entry)),
                            coordinates.packageUrl(entry.name())));
                }
            }
        } catch (IOException e) {
            throw unreadable(reference, e);
        }
        if (files.isEmpty()) {
            throw new ModelException(reference + " holds no model file"
                    + (declaration.include().isEmpty() && declaration.exclude().isEmpty()
                            ? ", only classes and META-INF; check the coordinates"
                            : " that its include and exclude patterns leave; check them"));
        }
        files.sort(Comparator.comparing(ModelFile::path));
        return new ResolvedModel(
                reference, declaration.request(), coordinates.version(), resolver.license(coordinates), false, files);
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        ZipArchive archive = archive(model.reference(), coordinates(model.reference()));
        return new ArchiveContent(model.reference(), archive);
    }

    /** Directories, classes and META-INF belong to the archive, not to the model. */
    private static boolean isModel(String name) {
        return !name.endsWith("/") && !name.endsWith(".class") && !name.startsWith("META-INF/");
    }

    private static void requireFileName(ModelReference reference, String name) throws ModelException {
        Optional<String> problem = RelativeName.problem(name);
        if (problem.isPresent()) {
            throw new ModelException(reference + " holds a file whose name '" + Printable.text(name) + "' "
                    + problem.get() + "; leave it out with \"exclude\", or tell the artifact's maker");
        }
    }

    private static MavenCoordinates coordinates(ModelReference reference) throws ModelException {
        try {
            return MavenCoordinates.parse(reference.id());
        } catch (IllegalArgumentException e) {
            throw new ModelException(reference + ": " + e.getMessage(), e);
        }
    }

    private ZipArchive archive(ModelReference reference, MavenCoordinates coordinates) throws ModelException {
        Path artifact = resolver.resolve(coordinates);
        try {
            return ZipArchive.open(artifact);
        } catch (IOException e) {
            throw unreadable(reference, e);
        }
    }

    private static ModelException unreadable(ModelReference reference, IOException cause) {
        return new ModelException(
                reference + " can't be unpacked: " + cause.getMessage()
                        + ". If the artifact is damaged, delete it from the local repository and run mvn"
                        + " cache:download again",
                cause);
    }

    private static final class ArchiveContent implements ModelContent {

        private final ModelReference reference;
        private final ZipArchive archive;
        private final Map<String, ZipArchive.Entry> entries;

        ArchiveContent(ModelReference reference, ZipArchive archive) {
            this.reference = reference;
            this.archive = archive;
            this.entries =
                    archive.entries().stream().collect(Collectors.toMap(ZipArchive.Entry::name, Function.identity()));
        }

        @Override
        public Received fetch(ModelFile file, Path partial) throws ModelException {
            ZipArchive.Entry entry = entries.get(file.path());
            if (entry == null) {
                throw new ModelException(reference + " has no file " + file.path()
                        + ", which the lock names; run mvn cache:lock -Dcache.update=" + reference);
            }
            try {
                Digest digest = archive.extract(entry, partial);
                return new Received(entry.size(), digest);
            } catch (IOException e) {
                if (DiskSpace.isFull(e, partial)) {
                    throw new ModelException(
                            reference + " can't be unpacked: the disk of " + partial.getParent() + " is full; "
                                    + entry.name() + " needs " + ByteSize.format(entry.size()),
                            e);
                }
                throw unreadable(reference, e);
            }
        }

        @Override
        public void close() throws IOException {
            archive.close();
        }
    }
}
