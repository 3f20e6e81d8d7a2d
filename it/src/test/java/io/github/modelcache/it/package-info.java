/** Whole builds: one test method a scenario, the behaviour in its name. */
@NullMarked
package io.github.modelcache.it;

import org.jspecify.annotations.NullMarked;
