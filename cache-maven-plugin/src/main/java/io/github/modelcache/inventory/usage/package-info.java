/** Which models a cache has, their sizes, and the space that deleting them frees. */
@NullMarked
package io.github.modelcache.inventory.usage;

import org.jspecify.annotations.NullMarked;
