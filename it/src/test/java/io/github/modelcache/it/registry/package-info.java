/** Registries and their clients that other projects make, and how they are had. */
@NullMarked
package io.github.modelcache.it.registry;

import org.jspecify.annotations.NullMarked;
