package io.github.modelcache.family.url;

import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.UnsupportedMembers;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.WebAddress;
import io.github.modelcache.files.SafeRelativePath;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ResolvedModel;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Single files by address: {@code url:https://host/path}, {@code url:http://…} or {@code url:file:///…}. The digest is
 * the declaration's {@code sha256}, or the one that the lock records after the first fetch.
 */
public final class UrlSource implements Source {

    private static final String EXAMPLE = "url:https://host/file, url:http://… or url:file:///path";

    private final WebAccess web;

    /** A source of files on the web. */
    public UrlSource(WebAccess web) {
        this.web = web;
    }

    @Override
    public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
        URI address = WebAddress.of(declaration.reference(), EXAMPLE);
        UnsupportedMembers.refuse(declaration, "revision", "include", "exclude");
        String path = declaration.to().isPresent() ? declaration.to().get() : defaultPath(address);
        Optional<String> problem = SafeRelativePath.problem(path);
        if (problem.isPresent()) {
            throw new ModelException(declaration.reference() + ": the file name '" + path + "' " + problem.get()
                    + "; give it another with \"to\"");
        }
        ModelFile file = new ModelFile(path, ModelFile.UNKNOWN_SIZE, declaration.sha256(), address.toString());
        String revision = declaration.sha256().map(Object::toString).orElse("");
        return ResolvedModel.ofFile(declaration, revision, Optional.empty(), file);
    }

    @Override
    public ModelContent open(ResolvedModel model) throws ModelException {
        WebAddress.of(model.reference(), EXAMPLE);
        return (file, partial) -> web.fetch(model.reference(), file, partial);
    }

    /** The host and the path, so that two models of one name on two hosts do not meet. */
    private static String defaultPath(URI address) {
        String path = address.getPath() == null ? "" : address.getPath();
        if (WebAddress.isFile(address)) {
            return "file" + path.substring(path.lastIndexOf('/'));
        }
        String port = address.getPort() < 0 ? "" : "_" + address.getPort();
        return address.getHost().toLowerCase(Locale.ROOT) + port + path;
    }
}
