/** What is on the disk: one walk over a cache root, and what is known of each content without reading it again. */
@NullMarked
package io.github.modelcache.inventory;

import org.jspecify.annotations.NullMarked;
