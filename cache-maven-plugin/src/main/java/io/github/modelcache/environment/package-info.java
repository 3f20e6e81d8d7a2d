/** The variables that lead every library to the cache. */
@NullMarked
package io.github.modelcache.environment;

import org.jspecify.annotations.NullMarked;
