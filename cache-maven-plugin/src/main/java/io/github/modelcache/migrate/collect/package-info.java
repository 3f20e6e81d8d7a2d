/** Imports models from external caches into the project's cache. */
@NullMarked
package io.github.modelcache.migrate.collect;

import org.jspecify.annotations.NullMarked;
