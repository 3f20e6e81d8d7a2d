/** Actions on the disk as values: printed first, run later, and the same ones both times. */
@NullMarked
package io.github.modelcache.plan;

import org.jspecify.annotations.NullMarked;
