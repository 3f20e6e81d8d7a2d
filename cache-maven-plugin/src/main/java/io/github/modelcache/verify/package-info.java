/** Checks the cache offline, against what the disk and the lock say. */
@NullMarked
package io.github.modelcache.verify;

import org.jspecify.annotations.NullMarked;
