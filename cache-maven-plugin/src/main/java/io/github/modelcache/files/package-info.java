/** Files on a shared disk: atomic writes, permissions, mounts, links, safe relative paths. */
@NullMarked
package io.github.modelcache.files;

import org.jspecify.annotations.NullMarked;
