/** Shows what is in the cache. */
@NullMarked
package io.github.modelcache.status;

import org.jspecify.annotations.NullMarked;
