package io.github.modelcache.family;

import io.github.modelcache.http.Urls;
import io.github.modelcache.model.ModelFile;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.units.TextSanitizer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The addresses that references hold. */
public final class WebAddress {

    private WebAddress() {}

    /**
     * What follows the scheme of a reference, as an address that can be fetched.
     *
     * @param example how to write it
     * @throws ModelException if it is not an address, or has a user name
     */
    public static URI of(ModelReference reference, String example) throws ModelException {
        if (Urls.holdsUser(reference.id())) {
            throw new ModelException("a " + reference.scheme()
                    + ": model has a user name in its address; put it into a <server> of settings.xml whose id is the"
                    + " host");
        }
        // An @ anywhere else may still end a password that has a slash in it.
        String shown = reference.id().indexOf('@') < 0 ? reference.toString() : "a " + reference.scheme() + ": model";
        URI address;
        try {
            address = new URI(reference.id());
        } catch (URISyntaxException e) {
            throw new ModelException(shown + " is not a valid address (" + e.getReason() + "); write " + example);
        }
        boolean web = isWeb(address) && address.getHost() != null;
        if (!web && !(isFile(address) && address.getPath() != null)) {
            throw new ModelException(shown + " is not an address this plugin can fetch; write " + example);
        }
        return address;
    }

    /**
     * The address of a file in the lock file. A pull request may change the lock file, so its addresses must not make a
     * build send a token without encryption or read a local file, unless the declaration names the same server or file.
     *
     * @throws ModelException if it is not an address, or one that is not allowed
     */
    public static URI ofLock(ModelReference reference, ModelFile file) throws ModelException {
        Optional<URI> address = parsed(file.url());
        boolean encrypted = address.filter(
                        found -> "https".equalsIgnoreCase(found.getScheme()) && found.getHost() != null)
                .isPresent();
        boolean declared = address.isPresent()
                && parsed(reference.id())
                        .filter(own -> sameServer(own, address.get()))
                        .isPresent();
        if (encrypted || declared) {
            return address.get();
        }
        throw new ModelException(reference + ": what the lock has as the address of " + TextSanitizer.text(file.path())
                + " is neither encrypted (https) nor on the server that the declaration names, so it is not asked;"
                + " run mvn cache:lock -Dcache.update=" + reference);
    }

    private static Optional<URI> parsed(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** A file has no server, so its whole address must be the same. */
    private static boolean sameServer(URI one, URI other) {
        boolean same = one.getScheme() != null
                && one.getScheme().equalsIgnoreCase(other.getScheme())
                && Objects.equals(one.getRawAuthority(), other.getRawAuthority());
        return same && (isWeb(one) || one.equals(other));
    }

    public static boolean isFile(URI address) {
        return "file".equalsIgnoreCase(address.getScheme());
    }

    private static boolean isWeb(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https");
    }
}
