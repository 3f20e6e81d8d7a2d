package io.github.modelcache.family.torch;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.WebAddress;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.TorchCheckpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Checkpoints that {@code torch.hub.load_state_dict_from_url} reads: {@code torch:https://host/name-<sha8>.pth}. Digits
 * at the end of the name are the first ones of the content's SHA-256; a declared {@code sha256} says it all, and then
 * the name is not looked at.
 */
public record TorchSource(WebAccess web) implements Source {
    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        UnsupportedMembers.refuse(declaration, "revision", "include", "exclude", "to");
        URI address = WebAddress.of(reference, "torch:https://host/name-<first digits of the sha256>.pth");
        // As torch does it: the last segment of the path as it is written, escapes and all.
        String path = String.valueOf(address.getRawPath());
        String name = path.substring(path.lastIndexOf('/') + 1);
        Optional<String> problem = SafeRelativePath.problem(name);
        if (problem.isPresent()) {
            throw new ModelException(reference + ": its file name '" + name + "' " + problem.get()
                    + "; write the address of a file, such as torch:https://host/name.pth");
        }
        ModelFile file = new ModelFile(name, ModelFile.UNKNOWN_SIZE, declaration.sha256(), address.toString());
        String revision = declaration.sha256().map(Object::toString).orElse("");
        return ResolvedModel.ofFile(declaration, revision, Optional.empty(), file);
    }

    @Override
    public ModelContent open(ResolvedModel model) {
        return new ModelContent() {
            @Override
            public Received fetch(ModelFile file, Path partial) throws ModelException {
                return TorchSource.this.fetch(model.reference(), file, partial);
            }

            @Override
            public Optional<String> digestPrefix(ModelFile file) {
                return TorchCheckpoint.digestPrefix(file.path());
            }
        };
    }

    private ModelContent.Received fetch(ModelReference reference, ModelFile file, Path partial) throws ModelException {
        ModelContent.Received received = web.fetch(reference, file, partial);
        if (file.digest().isEmpty() && !TorchCheckpoint.fits(file.path(), received.digest())) {
            throw refused(reference, file, received.digest(), partial);
        }
        return received;
    }

    private static ModelException refused(ModelReference reference, ModelFile file, Digest actual, Path partial) {
        String prefix = TorchCheckpoint.digestPrefix(file.path()).orElse("");
        ModelException refusal = new ModelException(reference + ": its name says that the SHA-256 begins with "
                + prefix + ", but the server sent " + actual.hex()
                + "; nothing was added to the cache. Check the address and the mirror; if the digits in the name are not a"
                + " digest, declare its sha256");
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            refusal.addSuppressed(e);
        }
        return refusal;
    }
}
