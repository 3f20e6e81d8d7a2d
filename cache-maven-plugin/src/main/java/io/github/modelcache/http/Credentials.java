package io.github.modelcache.http;

import java.net.URI;
import java.util.Optional;

/** Who may see what. Asked anew for each hop of a redirect, so that no secret follows to another host. */
@FunctionalInterface
public interface Credentials {
    /** No credentials for anybody. */
    Credentials NONE = uri -> Optional.empty();

    /**
     * The value of the {@code Authorization} header, for example {@code Bearer …}, for exactly this scheme, host and
     * port.
     *
     * @param uri where the request goes, which may be the target of a redirect
     * @throws TransferException if there are some that can't be used, such as a password that can't be decrypted
     */
    Optional<String> authorization(URI uri) throws TransferException;
}
