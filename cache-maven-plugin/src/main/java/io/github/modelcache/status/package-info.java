/** Shows the content of the caches. */
@NullMarked
package io.github.modelcache.status;

import org.jspecify.annotations.NullMarked;
