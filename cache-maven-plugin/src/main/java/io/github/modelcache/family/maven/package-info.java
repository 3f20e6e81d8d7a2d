/** Models that are artifacts of a Maven repository. */
@NullMarked
package io.github.modelcache.family.maven;

import org.jspecify.annotations.NullMarked;
