package io.github.modelcache.registry.image;

import io.github.modelcache.digest.Digest;
import io.github.modelcache.oci.Registry;

/** A layer and its SHA-256. */
record LayerBlob(ImageLayer layer, Digest digest) {

    Registry.Blob blob() {
        return Registry.Blob.of(digest, layer.size(), layer::writeTo);
    }
}
