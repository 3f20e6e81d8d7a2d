/** Kills whole builds, takes their disk away, and looks at what is left: {@code ./mvnw verify -Pfaults}. */
@NullMarked
package io.github.modelcache.it.fault;

import org.jspecify.annotations.NullMarked;
