package io.github.modelcache.family;

import io.github.modelcache.files.IoErrors;
import io.github.modelcache.http.BufferedResponse;
import io.github.modelcache.http.ExpectedContent;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferException;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.http.TransferResult;
import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import io.github.modelcache.json.JsonObject;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How sources reach plain files on the web: through the mirrors, and not at all when Maven is offline.
 *
 * @param offline whether only {@code file:} addresses may be read
 * @param progress makes the listener of one file
 */
public record WebAccess(HttpTransfer transfer, Mirrors mirrors, boolean offline, Supplier<TransferProgress> progress) {
    private static final Pattern RANGE = Pattern.compile("bytes 0-0/([0-9]{1,18})");

    /** Fetches a file from the address in the lock file; continues a partial download. */
    public ModelContent.Received fetch(ModelReference reference, ModelFile file, Path partial) throws ModelException {
        try {
            return attempt(reference, file, partial);
        } catch (TransferException e) {
            throw problem(reference, e);
        }
    }

    /** The same, for callers that explain a failed transfer themselves. */
    public ModelContent.Received attempt(ModelReference reference, ModelFile file, Path partial)
            throws ModelException, TransferException {
        ExpectedContent expected = new ExpectedContent(file.size(), file.digest());
        TransferResult arrived = attempt(reference, WebAddress.ofLock(reference, file), partial, expected);
        return new ModelContent.Received(arrived.size(), arrived.sha256());
    }

    /** Fetches one address into {@code partial}; continues a partial download. */
    public TransferResult attempt(ModelReference reference, URI address, Path partial, ExpectedContent expected)
            throws ModelException, TransferException {
        URI place = reachable(reference, address);
        try {
            return transfer.fetch(place, partial, expected, progress.get());
        } catch (TransferException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelException(reference + " can't be fetched: " + IoErrors.message(e, partial), e);
        }
    }

    /** The model with the sizes that servers report without sending the content. */
    public ResolvedModel measured(ResolvedModel model) throws ModelException {
        List<ModelFile> files = new ArrayList<>();
        for (ModelFile file : model.files()) {
            boolean lacks =
                    file.size() == ModelFile.UNKNOWN_SIZE && file.digest().isPresent();
            long size = lacks ? size(model.reference(), WebAddress.ofLock(model.reference(), file)) : file.size();
            files.add(new ModelFile(file.path(), size, file.digest(), file.url()));
        }
        return model.withFiles(files);
    }

    private long size(ModelReference reference, URI address) throws ModelException {
        URI place = reachable(reference, address);
        try {
            BufferedResponse answer = transfer.get(place, Map.of("Range", "bytes=0-0"), 1);
            Matcher range = RANGE.matcher(answer.header("Content-Range").orElse(""));
            return range.matches() ? Long.parseLong(range.group(1)) : ModelFile.UNKNOWN_SIZE;
        } catch (IOException e) {
            return ModelFile.UNKNOWN_SIZE; // the download reports the problem, if it has one
        }
    }

    /** The head of the answer for an address, without its content. */
    public BufferedResponse head(ModelReference reference, URI address) throws ModelException {
        URI place = reachable(reference, address);
        try {
            return transfer.head(place, Map.of());
        } catch (TransferException e) {
            throw problem(reference, e);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be asked for: " + e.getMessage(), e);
        }
    }

    /** A small answer; empty if the server answers 404. */
    public Optional<BufferedResponse> find(ModelReference reference, URI address, int maxBytes) throws ModelException {
        URI place = reachable(reference, address);
        try {
            return Optional.of(transfer.get(place, Map.of(), maxBytes));
        } catch (TransferException e) {
            if (e.kind() == TransferException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw problem(reference, e);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be resolved: " + e.getMessage(), e);
        }
    }

    /** A JSON object; empty when the server answers 404. */
    public Optional<JsonObject> findObject(ModelReference reference, URI address, int maxBytes) throws ModelException {
        Optional<BufferedResponse> answer = find(reference, address, maxBytes);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (JsonDocument.parse(address.toString(), answer.get().text()).root() instanceof JsonObject object) {
                return Optional.of(object);
            }
        } catch (JsonException e) {
            throw new ModelException(
                    reference + ": the answer is not JSON (" + e.getMessage() + "); check cache.mirrors", e);
        }
        throw new ModelException(reference + ": " + address + " should be an object in JSON; check cache.mirrors");
    }

    public static ModelException problem(ModelReference reference, TransferException problem) {
        String hint = switch (problem.kind()) {
            case DIGEST_MISMATCH, SIZE_MISMATCH, TOO_LONG ->
                ": change its sha256 in the config, or run mvn cache:lock -Dcache.update=" + reference;
            default -> "";
        };
        return new ModelException(reference + ": " + problem.getMessage() + hint, problem);
    }

    private URI reachable(ModelReference reference, URI address) throws ModelException {
        URI place = mirrors.apply(address);
        if (offline && !"file".equalsIgnoreCase(place.getScheme())) {
            throw new ModelException(reference + " is not in the cache, and Maven is offline (-o);"
                    + " run mvn cache:download once without -o");
        }
        return place;
    }
}
