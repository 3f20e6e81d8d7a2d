/** Moves the whole model cache to another disk and leaves a link, or moves it back. */
@NullMarked
package io.github.modelcache.migrate.relocate;

import org.jspecify.annotations.NullMarked;
