/** Model Cache for Maven. */
@NullMarked
package io.github.modelcache;

import org.jspecify.annotations.NullMarked;
