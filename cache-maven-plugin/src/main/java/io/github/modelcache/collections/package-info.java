/** Sets, maps and lists of primitive {@code long} values, for trees of millions of files. */
@NullMarked
package io.github.modelcache.collections;

import org.jspecify.annotations.NullMarked;
