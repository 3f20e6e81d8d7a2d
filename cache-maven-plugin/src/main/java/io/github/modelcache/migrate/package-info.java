/** Gathers scattered models into the project's cache roots, and moves the whole cache to another disk. */
@NullMarked
package io.github.modelcache.migrate;

import org.jspecify.annotations.NullMarked;
