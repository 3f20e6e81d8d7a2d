/**
 * Shares locked models through an OCI registry, or a folder with an OCI image layout.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">OCI distribution</a>
 * @see <a href="https://github.com/modelpack/model-spec">CNCF ModelPack</a>
 */
@NullMarked
package io.github.modelcache.registry;

import org.jspecify.annotations.NullMarked;
