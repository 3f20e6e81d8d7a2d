package io.github.modelcache.download;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.testing.FaultyServer;
import io.github.modelcache.testing.TestProject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Brings the models of one family from a server that stands in for every public host. */
final class Family implements AutoCloseable {

    static final DownloadOptions PLAIN = new DownloadOptions(2, false, Set.of(), false, "mvn cache:download");

    final FaultyServer server = new FaultyServer();
    private final TestProject project;
    private final String scheme;
    private final BiFunction<WebAccess, CacheConfig, Source> source;
    private boolean offline;

    Family(TestProject project, String scheme, BiFunction<WebAccess, CacheConfig, Source> source) {
        this.project = project;
        this.scheme = scheme;
        this.source = source;
    }

    /** From now on as with {@code mvn -o}. */
    void goOffline() {
        offline = true;
    }

    /** A config in which these public prefixes are mirrored by the server, below their own host's name. */
    CacheConfig config(String models, String... prefixes) throws Exception {
        StringBuilder mirrors = new StringBuilder();
        for (String prefix : prefixes) {
            String path = prefix.substring("https://".length());
            mirrors.append(mirrors.isEmpty() ? "" : ", ");
            mirrors.append("\"" + prefix + "\": \"" + server.uri("/" + path) + "\"");
        }
        return project.config("\"mirrors\": {" + mirrors + "}, \"models\": [" + models + "]");
    }

    ModelDownload.Result download(CacheConfig config) throws Exception {
        return run(config, PLAIN, ModelDownload::download);
    }

    ModelDownload.Result lock(CacheConfig config, String... updates) throws Exception {
        return run(
                config, new DownloadOptions(2, false, Set.of(updates), false, "mvn cache:lock"), ModelDownload::lock);
    }

    interface Goal {
        ModelDownload.Result run(ModelDownload download) throws Exception;
    }

    ModelDownload.Result run(CacheConfig config, DownloadOptions options, Goal goal) throws Exception {
        HttpTransfer transfer = new HttpTransfer(HttpOptions.standard("test"));
        WebAccess web = new WebAccess(transfer, new Mirrors(config.mirrors()), offline, () -> TransferProgress.NONE);
        Sources sources = new Sources(Map.of(scheme, source.apply(web, config)));
        try (ContentDigests digests =
                new ContentDigests(new PluginDirectory(config).stampIndex(), false, Clock.systemUTC())) {
            ModelDownload.Result result =
                    goal.run(new ModelDownload(config, sources, project.lock(), digests, options, project));
            digests.save();
            return result;
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    @Override
    public void close() throws Exception {
        server.close();
    }
}
