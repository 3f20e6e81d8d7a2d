/** Keys for the cache of a CI. */
@NullMarked
package io.github.modelcache.ci;

import org.jspecify.annotations.NullMarked;
