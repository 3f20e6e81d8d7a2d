/** The files of the caches, their digests and sizes. */
@NullMarked
package io.github.modelcache.inventory;

import org.jspecify.annotations.NullMarked;
