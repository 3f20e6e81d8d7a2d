package io.github.modelcache.download;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.inventory.PlaceholderDetector;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WeightFiles;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.units.TextSanitizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that has arrived and is not in the cache yet.
 *
 * @param file as the lock or the source describes it
 * @param received what arrived
 * @param partial where it is
 */
record ReceivedFile(ResolvedModel model, ModelFile file, ModelContent.Received received, Path partial) {

    /** Deletes it unless size and digest are those of the lock, whatever the source has checked already. */
    void requireLocked() throws ModelException, IOException {
        boolean size = file.size() == ModelFile.UNKNOWN_SIZE || file.size() == received.size();
        boolean digest = file.digest().isEmpty() || file.digest().get().equals(received.digest());
        if (!size || !digest) {
            Files.deleteIfExists(partial);
            throw new ModelException(model.reference() + ": " + file.path() + " is " + received.digest() + " ("
                    + received.size() + " bytes), but the lock says "
                    + file.digest().map(Digest::toString).orElse("any digest") + " (" + file.size()
                    + " bytes); nothing was put into the cache. If the new content is right, run mvn cache:lock"
                    + " -Dcache.update=" + model.reference());
        }
    }

    /** Deletes it if no digest is known and it is plainly no model, so that it is not pinned. */
    void requireModel() throws ModelException, IOException {
        boolean unknown = file.size() == ModelFile.UNKNOWN_SIZE && file.digest().isEmpty();
        Optional<String> placeholder = unknown ? PlaceholderDetector.find(partial) : Optional.empty();
        if (placeholder.isPresent()) {
            Files.deleteIfExists(partial);
            throw new ModelException(model.reference() + " is " + placeholder.get()
                    + ", not a model; check the address. If it is right all the same, declare its sha256");
        }
    }

    /** A source may have a placeholder instead of weights, with a right digest. */
    void warnOfPlaceholder(Messages messages) throws IOException {
        boolean looked = WeightFiles.is(file.path()) && received.size() <= PlaceholderDetector.LARGEST_COMMITTED;
        Optional<String> placeholder = looked ? PlaceholderDetector.committed(partial) : Optional.empty();
        placeholder.ifPresent(what -> messages.warn(TextSanitizer.text(model.version() + ": " + file.path() + " is "
                + what + " at its source too, so no library can load it. Leave it out with \"exclude\", and tell the"
                + " owner of the model")));
    }
}
