/** The variables that make every library use the cache. */
@NullMarked
package io.github.modelcache.environment;

import org.jspecify.annotations.NullMarked;
