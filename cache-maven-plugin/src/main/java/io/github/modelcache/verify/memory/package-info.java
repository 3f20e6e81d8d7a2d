/** Stores the last result, so that an unchanged cache is not checked again. */
@NullMarked
package io.github.modelcache.verify.memory;

import org.jspecify.annotations.NullMarked;
