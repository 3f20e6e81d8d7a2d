package io.github.modelcache.registry.image;

import io.github.modelcache.catalog.Layouts;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Finds the files of models in an image. The image is asked for once, when the first model needs it. */
public final class ImagePull {

    private final Registry registry;
    private final RegistryAddress address;
    private final boolean chosen;
    private final Naming naming;
    private final Layouts layouts;
    private Optional<Image> image = Optional.empty();
    private boolean asked;

    /** The image's name, which may take a look at the lock; empty if there is none. */
    @FunctionalInterface
    public interface Naming {
        Optional<ImageName> name() throws IOException;
    }

    private record Image(String repository, ImageContents contents) {}

    /**
     * A pull from an image, which need not exist.
     *
     * @param chosen whether the user named the image
     * @param naming asked when the first model is looked for
     */
    public ImagePull(Registry registry, RegistryAddress address, boolean chosen, Naming naming, Layouts layouts) {
        this.registry = registry;
        this.address = address;
        this.chosen = chosen;
        this.naming = naming;
        this.layouts = layouts;
    }

    /** Whether the user named the image. */
    public boolean isChosen() {
        return chosen;
    }

    /**
     * Where the files of a model lie, by their paths; files without bytes are left out.
     *
     * @return empty if there is no image, or it does not have the model
     * @throws ModelException if the image is not one that {@code cache:push} made, or has other files than the lock
     */
    public Optional<Places> find(ResolvedModel model) throws ModelException, IOException {
        Optional<Image> found = image();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return found.get()
                .contents()
                .find(model, layouts)
                .map(places -> new Places(found.get().repository(), places));
    }

    /**
     * Where the files of a model lie.
     *
     * @param byPath of each file with bytes
     */
    public record Places(String repository, Map<String, ImageContents.Place> byPath) {}

    private synchronized Optional<Image> image() throws ModelException, IOException {
        if (!asked) {
            Optional<ImageName> name = naming.name();
            image = name.isPresent() ? read(name.get()) : Optional.empty();
            asked = true;
        }
        return image;
    }

    private Optional<Image> read(ImageName name) throws ModelException, IOException {
        Optional<byte[]> bytes = registry.manifest(name.repository(), name.tag());
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Image(
                name.repository(),
                ImageContents.read(
                        address.display(name.repository(), name.tag()),
                        bytes.get(),
                        digest -> registry.manifest(name.repository(), digest))));
    }
}
