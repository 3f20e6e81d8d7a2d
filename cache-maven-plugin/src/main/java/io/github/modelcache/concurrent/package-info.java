/** Runs many small pieces of work on a few threads. */
@NullMarked
package io.github.modelcache.concurrent;

import org.jspecify.annotations.NullMarked;
