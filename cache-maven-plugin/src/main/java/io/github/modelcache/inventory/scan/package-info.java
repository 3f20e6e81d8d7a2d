/** Walks a cache and describes what lies there. */
@NullMarked
package io.github.modelcache.inventory.scan;

import org.jspecify.annotations.NullMarked;
