package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.io.HttpTransfer;
import io.github.modelcache.io.TransferProgress;
import io.github.modelcache.layout.OwnFiles;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.source.ArtifactResolver;
import io.github.modelcache.source.HubSource;
import io.github.modelcache.source.MavenSource;
import io.github.modelcache.source.Mirrors;
import io.github.modelcache.source.Source;
import io.github.modelcache.source.Sources;
import io.github.modelcache.source.SpacySource;
import io.github.modelcache.source.TorchHubSource;
import io.github.modelcache.source.TorchSource;
import io.github.modelcache.source.UrlSource;
import io.github.modelcache.source.WebAccess;
import io.github.modelcache.source.WhisperSource;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Every source that this plugin has. */
final class ModelSources {

    private ModelSources() {}

    static Sources of(
            CacheConfig cache,
            ArtifactResolver artifacts,
            HttpTransfer transfer,
            URI hub,
            boolean offline,
            Supplier<TransferProgress> progress,
            Messages messages) {
        Mirrors mirrors = new Mirrors(cache.mirrors());
        WebAccess web = new WebAccess(transfer, mirrors, offline, progress);
        Map<String, Source> sources = new TreeMap<>();
        sources.put("maven", new MavenSource(artifacts));
        sources.put("url", new UrlSource(web));
        sources.put("hf", new HubSource(transfer, mirrors, hub, offline, progress, messages::warn));
        sources.put("torch", new TorchSource(web));
        OwnFiles own = new OwnFiles(cache);
        sources.put("torchhub", new TorchHubSource(web, own.downloads()));
        sources.put("spacy", new SpacySource(web));
        sources.put("whisper", new WhisperSource(web));
        return new Sources(sources);
    }
}
