/** How each library keeps its files: the only classes that know those paths, for reading and for writing alike. */
@NullMarked
package io.github.modelcache.layout;

import org.jspecify.annotations.NullMarked;
