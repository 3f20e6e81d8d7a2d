package io.github.modelcache.source;

import io.github.modelcache.io.Urls;
import io.github.modelcache.model.ModelReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** The addresses that references hold. */
final class WebAddress {

    private WebAddress() {}

    /**
     * What follows the scheme of a reference, as an address that can be fetched.
     *
     * @param example how to write it
     * @throws ModelException when it is none, or holds a user name
     */
    static URI of(ModelReference reference, String example) throws ModelException {
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

    static boolean isFile(URI address) {
        return "file".equalsIgnoreCase(address.getScheme());
    }

    private static boolean isWeb(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        return scheme.equals("http") || scheme.equals("https");
    }
}
