/** Planned changes of the disk. A dry run prints them; a real run executes the same ones. */
@NullMarked
package io.github.modelcache.plan;

import org.jspecify.annotations.NullMarked;
