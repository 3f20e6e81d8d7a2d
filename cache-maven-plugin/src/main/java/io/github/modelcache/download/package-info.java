/** Brings declared models into the cache and pins them in the lock. */
@NullMarked
package io.github.modelcache.download;

import org.jspecify.annotations.NullMarked;
