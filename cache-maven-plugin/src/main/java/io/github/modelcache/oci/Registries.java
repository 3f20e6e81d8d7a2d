package io.github.modelcache.oci;

import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;

/** Opens what an address names. Nothing is asked before it is used. */
public final class Registries {

    private Registries() {}

    /**
     * A registry.
     *
     * @param logins asked when the registry wants to know who asks
     * @param options how requests are made; their credentials are not used
     */
    public static Registry open(RegistryAddress address, RegistryCredentials.Finder logins, HttpOptions options) {
        if (address.folder().isPresent()) {
            return new FolderRegistry(address.folder().get(), new HttpTransfer(options));
        }
        return new HttpRegistry(address.server(), new RegistryLogin(address.server(), logins, options), options);
    }
}
