/** Sizes, ages, names and text in messages. */
@NullMarked
package io.github.modelcache.units;

import org.jspecify.annotations.NullMarked;
