/**
 * Locked models as an OCI image whose layers hold plain files, which container engines mount.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">Image layers</a>
 */
@NullMarked
package io.github.modelcache.registry.image;

import org.jspecify.annotations.NullMarked;
