/** Remembers the last verification, so that an unchanged cache is verified without a walk. */
@NullMarked
package io.github.modelcache.verify.memory;

import org.jspecify.annotations.NullMarked;
