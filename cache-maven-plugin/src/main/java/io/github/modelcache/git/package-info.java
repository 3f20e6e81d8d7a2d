/** Reads the index and the settings of a git repository without running git. */
@NullMarked
package io.github.modelcache.git;

import org.jspecify.annotations.NullMarked;
