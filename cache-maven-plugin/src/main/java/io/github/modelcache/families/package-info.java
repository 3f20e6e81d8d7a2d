/** The list of all model families, and the caches outside of a project that their libraries use. */
@NullMarked
package io.github.modelcache.families;

import org.jspecify.annotations.NullMarked;
