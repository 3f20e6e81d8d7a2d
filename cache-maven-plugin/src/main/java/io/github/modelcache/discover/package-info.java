/** {@code cache:discover}: finds the models that a project's sources, configs and old caches use. */
@NullMarked
package io.github.modelcache.discover;

import org.jspecify.annotations.NullMarked;
