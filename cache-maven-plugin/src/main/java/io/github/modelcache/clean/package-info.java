/** Frees space, and only what may go. */
@NullMarked
package io.github.modelcache.clean;

import org.jspecify.annotations.NullMarked;
