/** Sizes, ages and names as people write them. */
@NullMarked
package io.github.modelcache.units;

import org.jspecify.annotations.NullMarked;
