package io.github.modelcache.source;

import io.github.modelcache.io.Expectation;
import io.github.modelcache.io.HttpTransfer;
import io.github.modelcache.io.RelativeName;
import io.github.modelcache.io.TransferException;
import io.github.modelcache.io.TransferProgress;
import io.github.modelcache.io.Transferred;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Single files by address: {@code url:https://host/path}, {@code url:http://…} or {@code url:file:///…}. The digest is
 * the declaration's {@code sha256}, or the one that the lock records after the first fetch.
 */
public final class UrlSource implements Source {

    private final HttpTransfer transfer;
    private final Mirrors mirrors;
    private final boolean offline;
    private final Supplier<TransferProgress> progress;

    /**
     * A source over a transfer.
     *
     * @param offline whether only {@code file:} addresses may be read
     * @param progress makes the listener of one file
     */
    public UrlSource(HttpTransfer transfer, Mirrors mirrors, boolean offline, Supplier<TransferProgress> progress) {
        this.transfer = transfer;
        this.mirrors = mirrors;
        this.offline = offline;
        this.progress = progress;
    }

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        URI address = address(declaration.reference());
        String path = declaration.to().isPresent() ? declaration.to().get() : defaultPath(address);
        Optional<String> problem = RelativeName.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(declaration.reference() + ": the file name '" + path + "' " + problem.get()
                    + "; give it another with \"to\"");
        }
        ModelFile file = new ModelFile(path, ModelFile.UNKNOWN_SIZE, declaration.sha256(), address.toString());
        String revision = declaration.sha256().map(Object::toString).orElse("");
        return new ResolvedModel(
                declaration.reference(), declaration.request(), revision, Optional.empty(), List.of(file));
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        address(model.reference());
        return (file, partial) -> fetch(model.reference(), file, partial);
    }

    private ModelContent.Received fetch(ModelReference reference, ModelFile file, Path partial) throws ModelException {
        URI address = mirrors.apply(URI.create(file.url()));
        if (offline && !isFile(address)) {
            throw new ModelException(reference + " is not in the cache, and Maven is offline (-o);"
                    + " run mvn cache:download once without -o");
        }
        try {
            Transferred arrived =
                    transfer.fetch(address, partial, new Expectation(file.size(), file.digest()), progress.get());
            return new ModelContent.Received(arrived.size(), arrived.sha256());
        } catch (TransferException e) {
            throw new ModelException(reference + ": " + e.getMessage() + hint(reference, e), e);
        } catch (IOException e) {
            throw new ModelException(reference + " can't be fetched: " + e.getMessage(), e);
        }
    }

    private static String hint(ModelReference reference, TransferException problem) {
        return switch (problem.kind()) {
            case DIGEST_MISMATCH, SIZE_MISMATCH, TOO_LONG ->
                ". If the file was replaced on purpose, change its sha256 in the config or run"
                        + " mvn cache:lock -Dcache.update=" + reference;
            default -> "";
        };
    }

    private static boolean isFile(URI address) {
        return "file".equalsIgnoreCase(address.getScheme());
    }

    private static URI address(ModelReference reference) throws ModelException {
        URI address;
        try {
            address = new URI(reference.id());
        } catch (URISyntaxException e) {
            throw new ModelException(reference + " is not a valid address: " + e.getMessage(), e);
        }
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        boolean web = (scheme.equals("http") || scheme.equals("https")) && address.getHost() != null;
        boolean file = scheme.equals("file") && address.getPath() != null;
        if (!web && !file) {
            throw new ModelException(
                    reference + " is not an address this plugin can fetch; write url:https://host/file, url:http://… or"
                            + " url:file:///path");
        }
        if (address.getUserInfo() != null) {
            throw new ModelException("a url: model has a user name in its address; put it into a <server> of"
                    + " settings.xml whose id is the host " + address.getHost());
        }
        return address;
    }

    /** The host and the path, so that two models of one name on two hosts do not meet. */
    private static String defaultPath(URI address) {
        String path = address.getPath() == null ? "" : address.getPath();
        if (isFile(address)) {
            return "file" + path.substring(path.lastIndexOf('/'));
        }
        String port = address.getPort() < 0 ? "" : "_" + address.getPort();
        return address.getHost().toLowerCase(Locale.ROOT) + port + path;
    }
}
