/** Other processes: locks between builds, process trees, programs on the search path. */
@NullMarked
package io.github.modelcache.process;

import org.jspecify.annotations.NullMarked;
