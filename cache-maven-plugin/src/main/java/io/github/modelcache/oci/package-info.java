/** A client for OCI registries and for folders with an OCI layout. */
@NullMarked
package io.github.modelcache.oci;

import org.jspecify.annotations.NullMarked;
