package io.github.modelcache.family.whisper;

import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.WebAddress;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WhisperModels;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The models of openai-whisper: {@code whisper:large-v3}. Their digests are known beforehand. */
public final class WhisperSource implements Source {

    private static final String HOST = "https://openaipublic.azureedge.net/main/whisper/models/";

    private final WebAccess web;
    private final WhisperModels models = WhisperModels.read();

    /** A source of files on the web. */
    public WhisperSource(WebAccess web) {
        this.web = web;
    }

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        UnsupportedMembers.refuse(declaration, "revision", "include", "exclude", "sha256", "to");
        Optional<WhisperModels.Entry> entry = models.find(reference.id());
        if (entry.isEmpty()) {
            throw new ModelException(
                    reference + " is no model of openai-whisper; expected one of " + String.join(", ", models.names()));
        }
        WhisperModels.Entry model = entry.get();
        String url = HOST + model.digest().hex() + "/" + model.file();
        ModelFile file = new ModelFile(model.file(), ModelFile.UNKNOWN_SIZE, Optional.of(model.digest()), url);
        return new ResolvedModel(
                reference, declaration.request(), model.digest().toString(), Optional.empty(), false, List.of(file));
    }

    @Override
    public ResolvedModel measured(ResolvedModel model) throws ModelException {
        return web.measured(model);
    }

    @Override
    public ModelContent open(ResolvedModel model) {
        return (file, partial) -> {
            ExpectedContent expected = new ExpectedContent(file.size(), file.digest());
            TransferResult arrived =
                    fetch(model.reference(), WebAddress.ofLock(model.reference(), file), partial, expected);
            return new ModelContent.Received(arrived.size(), arrived.sha256());
        };
    }

    private TransferResult fetch(ModelReference reference, URI address, Path partial, ExpectedContent expected)
            throws ModelException {
        try {
            return web.attempt(reference, address, partial, expected);
        } catch (TransferException e) {
            if (e.kind() == TransferException.Kind.DIGEST_MISMATCH) {
                throw new ModelException(
                        reference + ": " + e.getMessage()
                                + ", and openai-whisper takes no other content; what answers is"
                                + " wrong: check cache.mirrors and the proxy",
                        e);
            }
            throw WebAccess.problem(reference, e);
        }
    }
}
