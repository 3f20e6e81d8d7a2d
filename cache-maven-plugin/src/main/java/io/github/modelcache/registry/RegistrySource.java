package io.github.modelcache.registry;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferException.Kind;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.registry.image.ImageContents;
import io.github.modelcache.registry.image.ImagePull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Fetches the files of locked models from a registry before their own source. They are compared with the lock file like
 * anything else, so the registry need not be trusted.
 */
public final class RegistrySource {

    private final Registry registry;
    private final RegistryAddress address;
    private final ImagePull image;
    private final boolean only;
    private final Messages messages;
    private final Supplier<TransferProgress> progress;
    private final AtomicBoolean down = new AtomicBoolean();

    /**
     * A registry that is asked first.
     *
     * @param image asked for models of which there is no artifact
     * @param only whether the models' own sources must not be asked at all
     * @param progress makes the listener of one file
     */
    public RegistrySource(
            Registry registry,
            RegistryAddress address,
            ImagePull image,
            boolean only,
            Messages messages,
            Supplier<TransferProgress> progress) {
        this.registry = registry;
        this.address = address;
        this.image = image;
        this.only = only;
        this.messages = messages;
        this.progress = progress;
    }

    /** A source of models that are not fetched from anywhere: Maven is offline, and only this registry may be asked. */
    public static Source unasked(RegistryAddress address) {
        return new Source() {
            @Override
            public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
                throw refusal(declaration.version() + " is not locked");
            }

            @Override
            public ModelContent open(ResolvedModel model) throws ModelException {
                throw refusal(model.version() + " is missing");
            }

            private ModelException refusal(String problem) {
                return new ModelException(problem + ", and the registry " + address
                        + " is not asked because Maven is offline (-o); run Maven without -o");
            }
        };
    }

    /** A source behind the registry. */
    public Source before(Source origin) {
        return new Behind(origin);
    }

    /** What the registry has, else what the origin has. */
    private final class Behind implements Source {
        private final Source origin;

        Behind(Source origin) {
            this.origin = origin;
        }

        @Override
        public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
            if (only) {
                throw new ModelException(declaration.reference()
                        + " is not in the lock as it is declared, and only the registry may be asked;"
                        + " run mvn cache:lock where the source can be reached, and commit config/models.lock.json");
            }
            return origin.resolve(declaration);
        }

        @Override
        public ResolvedModel measured(ResolvedModel model) throws ModelException {
            return only ? model : origin.measured(model);
        }

        @Override
        public ModelContent open(ResolvedModel model) throws ModelException {
            Optional<Places> places = model.complete() && !down.get() ? find(model) : Optional.empty();
            if (places.isPresent()) {
                return new Content(model, places.get(), origin);
            }
            if (only) {
                throw new ModelException(model.reference() + " at " + model.revision() + " is not in the registry "
                        + address + ", and only the registry may be asked; run mvn cache:push where the model is");
            }
            return origin.open(model);
        }

        @Override
        public void release(ResolvedModel model) {
            origin.release(model);
        }

        @Override
        public Optional<String> nextStep(ResolvedModel model, String folder) {
            return origin.nextStep(model, folder);
        }
    }

    /** A content of a registry that holds a file, and where in it. */
    private record Place(String repository, Digest content, Optional<Long> offset) {}

    /** Where the files of a model lie; not asked for those without bytes. */
    @FunctionalInterface
    private interface Places {
        Place of(ModelFile file);
    }

    /** What fits the lock: the model's own artifact, or an image with the model. */
    private Optional<Places> find(ResolvedModel model) throws ModelException {
        try {
            Optional<Places> chosen = image.isChosen() ? inImage(model) : Optional.empty();
            Optional<Places> own = chosen.isPresent() ? chosen : artifact(model);
            Optional<Places> found = own.isPresent() || image.isChosen() ? own : inImage(model);
            if (found.isEmpty()) {
                messages.debug(model.reference() + " is not in the registry " + address);
            }
            return found;
        } catch (ModelException e) {
            if (only) {
                throw new ModelException(
                        model.reference() + ": " + e.getMessage() + ". mvn cache:push puts the locked" + " model there",
                        e);
            }
            messages.warn(model.reference() + ": " + e.getMessage() + "; it is fetched from its source");
            return Optional.empty();
        } catch (IOException e) {
            if (only) {
                throw new ModelException(model.reference() + " can't be pulled: " + e.getMessage(), e);
            }
            giveUp(e);
            return Optional.empty();
        }
    }

    private Optional<Places> artifact(ResolvedModel model) throws ModelException, IOException {
        ArtifactName name = ArtifactName.of(address, model);
        Optional<byte[]> bytes = bytes(model, name);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        ModelManifest manifest = ModelManifest.read(
                address.display(name.repository(), name.tag()),
                bytes.get(),
                model,
                digest -> registry.manifest(name.repository(), digest));
        return Optional.of(
                file -> new Place(name.repository(), manifest.layer(file).digest(), Optional.empty()));
    }

    private Optional<Places> inImage(ResolvedModel model) throws ModelException, IOException {
        Optional<ImagePull.Places> found = image.find(model);
        return found.map(places -> file -> {
            ImageContents.Place place =
                    Optional.ofNullable(places.byPath().get(file.path())).orElseThrow();
            return new Place(places.repository(), place.layer(), Optional.of(place.offset()));
        });
    }

    /** By the digest that was pushed, else by the tag: a registry may have been emptied and filled again. */
    private Optional<byte[]> bytes(ResolvedModel model, ArtifactName name) throws IOException {
        Optional<byte[]> pushed = model.manifest().isPresent()
                ? registry.manifest(name.repository(), model.manifest().get())
                : Optional.empty();
        return pushed.isPresent() ? pushed : registry.manifest(name.repository(), name.tag());
    }

    private void giveUp(IOException problem) {
        if (down.compareAndSet(false, true)) {
            messages.warn("The registry " + address + " can't be used: " + problem.getMessage()
                    + ". The models are fetched from their sources");
        }
    }

    /** Whether the next file would cost the same wait for the same answer, be it of the registry or of its storage. */
    private static boolean isDown(TransferException problem) {
        return switch (problem.kind()) {
            case TIMEOUT, UNREACHABLE, RATE_LIMITED -> true;
            default -> problem.status().orElse(0) >= 500;
        };
    }

    private final class Content implements ModelContent {
        private final ResolvedModel model;
        private final Places places;
        private final Source origin;
        private Optional<ModelContent> opened = Optional.empty();

        Content(ResolvedModel model, Places places, Source origin) {
            this.model = model;
            this.places = places;
            this.origin = origin;
        }

        @Override
        public Received fetch(ModelFile file, Path partial) throws ModelException {
            if (down.get() && !only) {
                return origin().fetch(file, partial);
            }
            try {
                return file.size() == 0 ? empty(file, partial) : pull(file, partial);
            } catch (TransferException e) {
                boolean ownDisk = e.kind() == Kind.DISK_FULL;
                if (only || ownDisk) {
                    throw new ModelException(model.reference() + ": " + file.path() + ": " + e.getMessage(), e);
                }
                if (isDown(e)) {
                    giveUp(e);
                } else {
                    messages.warn(model.reference() + ": " + file.path() + " can't be pulled: " + e.getMessage()
                            + "; it is fetched from its source");
                }
                return origin().fetch(file, partial);
            } catch (IOException e) {
                throw new ModelException(model.reference() + " can't be pulled: " + IoErrors.message(e, partial), e);
            }
        }

        private Received pull(ModelFile file, Path partial) throws IOException {
            Place place = places.of(file);
            ExpectedContent all = new ExpectedContent(file.size(), file.digest());
            ExpectedContent expected = place.offset().map(all::at).orElse(all);
            TransferResult arrived =
                    registry.fetch(place.repository(), place.content(), partial, expected, progress.get());
            return new Received(arrived.size(), arrived.digest());
        }

        /** Registries have no contents without bytes. */
        private Received empty(ModelFile file, Path partial) throws IOException {
            Files.deleteIfExists(partial);
            Files.createFile(partial);
            DigestAlgorithm algorithm = file.digest().map(Digest::algorithm).orElse(DigestAlgorithm.SHA256);
            return new Received(0, Hashing.digest(new byte[0], algorithm));
        }

        private synchronized ModelContent origin() throws ModelException {
            ModelContent content = opened.isPresent() ? opened.get() : origin.open(model);
            opened = Optional.of(content);
            return content;
        }

        @Override
        public synchronized void close() throws IOException {
            if (opened.isPresent()) {
                opened.get().close();
            }
        }
    }
}
