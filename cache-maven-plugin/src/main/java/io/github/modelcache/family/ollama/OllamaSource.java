package io.github.modelcache.family.ollama;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.digest.DigestAlgorithm;
import io.github.modelcache.digest.Hashing;
import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Models of Ollama's registry: {@code ollama:name:tag}. One request gets the manifest of a tag, which lists the blobs with
 * their sizes and SHA-256. The lock file records the digest of the manifest, so a tag that moved is noticed.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">OCI distribution</a>
 */
public record OllamaSource(WebAccess web) implements Source {
    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        ModelReference reference = declaration.reference();
        UnsupportedMembers.refuse(declaration, "revision", "include", "exclude", "sha256", "to");
        OllamaName name = OllamaName.find(reference.id())
                .orElseThrow(() -> new ModelException(reference
                        + " is not a model of Ollama; write ollama:name:tag or ollama:user/name:tag in the config"));
        String registry = "https://" + OllamaName.HOST + "/v2/" + name.repository();
        URI address = URI.create(registry + "/manifests/" + name.tag());
        BufferedResponse answer = web.find(reference, address, OllamaManifest.LARGEST)
                .orElseThrow(() -> new ModelException(
                        reference + " does not exist in Ollama's registry; check its name and tag in the config"));
        OllamaManifest manifest = OllamaManifest.parse(answer.text())
                .orElseThrow(() -> new ModelException(
                        reference + ": " + address + " is not the manifest of a model; check cache.mirrors"));
        Digest digest = Hashing.digest(answer.body(), DigestAlgorithm.SHA256);
        List<ModelFile> files = new ArrayList<>();
        files.add(new ModelFile(name.manifest(), answer.body().length, Optional.of(digest), address.toString()));
        for (OllamaManifest.Blob blob : manifest.blobs()) {
            files.add(new ModelFile(
                    OllamaLayout.blob(blob.sha256()),
                    blob.size(),
                    Optional.of(Digest.sha256(blob.sha256())),
                    registry + "/blobs/sha256:" + blob.sha256()));
        }
        files.sort(Comparator.comparing(ModelFile::path));
        return new ResolvedModel(reference, declaration.request(), digest.toString(), Optional.empty(), false, files);
    }

    @Override
    public ModelContent open(ResolvedModel model) {
        return (file, partial) -> web.fetch(model.reference(), file, partial);
    }
}
