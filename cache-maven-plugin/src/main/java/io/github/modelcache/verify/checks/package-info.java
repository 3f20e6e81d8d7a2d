/** The checks that verification runs. */
@NullMarked
package io.github.modelcache.verify.checks;

import org.jspecify.annotations.NullMarked;
