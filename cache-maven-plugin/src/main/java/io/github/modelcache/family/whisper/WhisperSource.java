package io.github.modelcache.family.whisper;

import io.github.modelcache.family.LatestVersion;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import io.github.modelcache.model.WhisperModels;
import java.nio.file.Path;
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
            throw new ModelException(reference + " is not a model of openai-whisper; expected one of "
                    + String.join(", ", models.names()));
        }
        WhisperModels.Entry model = entry.get();
        String url = HOST + model.digest().hex() + "/" + model.file();
        ModelFile file = new ModelFile(model.file(), ModelFile.UNKNOWN_SIZE, Optional.of(model.digest()), url);
        return ResolvedModel.ofFile(declaration, model.digest().toString(), Optional.empty(), file);
    }

    /** openai-whisper takes one content for each name, so there is nothing to ask for. */
    @Override
    public Optional<LatestVersion> latest(ModelDeclaration declaration, ResolvedModel locked) {
        return Optional.of(
                new LatestVersion(locked.revision(), Optional.empty(), locked.license(), Optional.of(locked.files())));
    }

    @Override
    public ResolvedModel measured(ResolvedModel model) throws ModelException {
        return web.measured(model);
    }

    @Override
    public ModelContent open(ResolvedModel model) {
        return (file, partial) -> fetch(model.reference(), file, partial);
    }

    private ModelContent.Received fetch(ModelReference reference, ModelFile file, Path partial) throws ModelException {
        try {
            return web.attempt(reference, file, partial);
        } catch (TransferException e) {
            if (e.kind() == TransferException.Kind.DIGEST_MISMATCH) {
                throw new ModelException(
                        reference + ": " + e.getMessage()
                                + ", and openai-whisper accepts no other content;"
                                + " check cache.mirrors and the proxy",
                        e);
            }
            throw WebAccess.problem(reference, e);
        }
    }
}
