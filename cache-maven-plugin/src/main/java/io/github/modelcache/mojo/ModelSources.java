package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.family.Mirrors;
import io.github.modelcache.family.PluginDirectory;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.Sources;
import io.github.modelcache.family.WebAccess;
import io.github.modelcache.family.huggingface.HubSource;
import io.github.modelcache.family.maven.ArtifactResolver;
import io.github.modelcache.family.maven.MavenSource;
import io.github.modelcache.family.spacy.SpacySource;
import io.github.modelcache.family.torch.TorchHubSource;
import io.github.modelcache.family.torch.TorchSource;
import io.github.modelcache.family.url.UrlSource;
import io.github.modelcache.family.whisper.WhisperSource;
import io.github.modelcache.http.HttpTransfer;
import io.github.modelcache.http.TransferProgress;
import io.github.modelcache.plan.Messages;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All sources of models. */
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
        PluginDirectory own = new PluginDirectory(cache);
        sources.put("torchhub", new TorchHubSource(web, own.downloads()));
        sources.put("spacy", new SpacySource(web));
        sources.put("whisper", new WhisperSource(web));
        return new Sources(sources);
    }
}
