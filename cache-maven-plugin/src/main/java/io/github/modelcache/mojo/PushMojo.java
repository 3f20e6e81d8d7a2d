package io.github.modelcache.mojo;

import io.github.modelcache.config.CacheConfig;
import io.github.modelcache.config.ConfigException;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.http.CountedTransfer;
import io.github.modelcache.http.HttpOptions;
import io.github.modelcache.inventory.fingerprint.ContentDigests;
import io.github.modelcache.model.LockException;
import io.github.modelcache.mojo.maven.MavenCredentials;
import io.github.modelcache.mojo.maven.MavenProxies;
import io.github.modelcache.mojo.maven.MavenServers;
import io.github.modelcache.mojo.maven.SettingsSecrets;
import io.github.modelcache.oci.BlobUploads;
import io.github.modelcache.oci.Registry;
import io.github.modelcache.oci.RegistryAddress;
import io.github.modelcache.plan.Plan;
import io.github.modelcache.progress.Activity;
import io.github.modelcache.registry.ModelPush;
import io.github.modelcache.registry.image.BaseImageReader;
import io.github.modelcache.registry.image.BaseReference;
import io.github.modelcache.registry.image.ImagePush;
import java.io.IOException;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/**
 * Uploads the locked models to an OCI registry, or to a folder with an OCI layout. Files that are already there are not
 * sent again. The lock file then records the manifest of each model.
 */
@Mojo(name = "push", requiresProject = false, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class PushMojo extends AbstractChangingMojo {

    private final SettingsDecrypter decrypter;

    /** Skips this goal. */
    @Parameter(property = "cache.push.skip", defaultValue = "false")
    boolean skipPush;

    /**
     * The registry: an address such as registry.example.com/models, or a folder such as file:///mnt/nas/models.
     * Default: registry in the config.
     */
    @Parameter(property = "cache.registry")
    @Nullable
    String registry;

    /**
     * modelpack: one artifact for each model, which cache:pull reads. image: one image of all models, which container
     * engines and Kubernetes mount; cache:pull reads it too.
     */
    @Parameter(property = "cache.push.format", defaultValue = "modelpack")
    String format;

    /**
     * The image's name below the registry's address, such as team/models:1.0. Default: image, and a tag made from the
     * models.
     */
    @Parameter(property = "cache.image")
    @Nullable
    String image;

    /**
     * An image whose files and settings lie below the models, such as busybox:1.37 or
     * registry.example.com/tools/busybox@sha256:… Default: none, the image has files of models only.
     */
    @Parameter(property = "cache.image.base")
    @Nullable
    String imageBase;

    /**
     * The names or references of the models in the image, separated by commas. Default: all. The files of a single model
     * are in /models, those of several in a folder of /models for each.
     */
    @Parameter(property = "cache.push.models")
    @Nullable
    String models;

    /** Number of parallel connections, for all models together. */
    @Parameter(property = "cache.workers", defaultValue = "16")
    int workers;

    /** Called by Maven. */
    @Inject
    public PushMojo(SettingsDecrypter decrypter) {
        this.decrypter = decrypter;
    }

    @Override
    Optional<String> skippedBy() {
        return skipPush ? Optional.of("cache.push.skip") : Optional.empty();
    }

    @Override
    void run() throws ConfigException, LockException, ModelException, IOException {
        CacheConfig cache = readConfig();
        RegistryAddress address = RegistryAccess.required(registry, cache);
        if (offline() && address.folder().isEmpty() && !dryRun) {
            throw new IOException("Maven is offline (-o), so nothing is pushed to the registry " + address
                    + "; run it again without -o");
        }
        String agent = "cache-maven-plugin/" + execution.getVersion();
        SettingsSecrets secrets = new SettingsSecrets(session.getSettings(), decrypter);
        HttpOptions options = HttpOptions.standard(agent)
                .withProxies(new MavenProxies(session, secrets))
                .withServers(new MavenServers(session.getSettings()))
                .withKnown(servers());
        RegistryAccess access = new RegistryAccess(new MavenCredentials(secrets), System.getenv(), home());
        try (Registry opened = access.open(address, options);
                @Nullable BaseImageReader base = base(access, options);
                ContentDigests digests = digests(cache)) {
            BlobUploads uploads = new BlobUploads(
                    opened,
                    workers,
                    messages(),
                    () -> new CountedTransfer(messages().progress(), Activity.PUSHING));
            Plan plan = isImage()
                    ? new ImagePush(cache, lockFile().read(), digests, address, uploads, messages())
                            .plan(list(models), given(image), Optional.ofNullable(base))
                    : new ModelPush(cache, lockFile(), digests, address, uploads, messages()).plan();
            if (dryRun) {
                print(plan, command());
                return;
            }
            plan.run(messages(), projectRoot(), workers);
            digests.save();
        }
    }

    private @Nullable BaseImageReader base(RegistryAccess access, HttpOptions options) throws IOException {
        Optional<String> name = given(imageBase);
        if (name.isEmpty()) {
            return null;
        }
        if (offline() && !dryRun) {
            throw new IOException("Maven is offline (-o), so the base image " + name.get()
                    + " can't be read; run it again without -o");
        }
        BaseReference reference = BaseReference.parse(name.get());
        return new BaseImageReader(access.open(reference.registry(), options), reference);
    }

    private boolean isImage() {
        boolean wanted = format.equals("image");
        if (!wanted && !format.equals("modelpack")) {
            throw new IllegalArgumentException("cache.push.format is '" + format + "', expected modelpack or image");
        }
        if (!wanted) {
            refuse("cache.image", image);
            refuse("cache.image.base", imageBase);
            refuse("cache.push.models", models);
        }
        return wanted;
    }

    private static void refuse(String parameter, @Nullable String value) {
        if (given(value).isPresent()) {
            throw new IllegalArgumentException(parameter + " needs -Dcache.push.format=image");
        }
    }
}
