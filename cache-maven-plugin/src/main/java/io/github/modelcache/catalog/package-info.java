/** The list of all model families, and the caches outside of a project that their libraries use. */
@NullMarked
package io.github.modelcache.catalog;

import org.jspecify.annotations.NullMarked;
