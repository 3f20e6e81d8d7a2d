/** Runs a Maven of each supported version on each JDK, cut off from the user's own settings and caches. */
@NullMarked
package io.github.modelcache.it.maven;

import org.jspecify.annotations.NullMarked;
