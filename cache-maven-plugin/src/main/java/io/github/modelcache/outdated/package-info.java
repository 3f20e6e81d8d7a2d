/** {@code cache:outdated}: compares the locked models with the newest versions at their sources. */
@NullMarked
package io.github.modelcache.outdated;

import org.jspecify.annotations.NullMarked;
