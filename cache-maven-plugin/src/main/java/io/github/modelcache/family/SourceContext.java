package io.github.modelcache.family;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What sources need to fetch models.
 *
 * @param artifacts resolves artifacts of Maven repositories
 * @param hub the address of the model hub or its mirror; ends in a slash
 * @param offline whether no request may be sent
 * @param progress makes the listener of one file
 * @param warnings receives warnings for the user
 */
public record SourceContext(
        CacheConfig config,
        ArtifactResolver artifacts,
        HttpTransfer transfer,
        URI hub,
        boolean offline,
        Supplier<TransferProgress> progress,
        Consumer<String> warnings) {

    /** The {@code cache.mirrors} of the config. */
    public Mirrors mirrors() {
        return new Mirrors(config.mirrors());
    }

    /** Access to plain files on the web. */
    public WebAccess web() {
        return new WebAccess(transfer, mirrors(), offline, progress);
    }
}
