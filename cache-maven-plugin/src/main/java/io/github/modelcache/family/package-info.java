/** What a model family offers: where its models come from, how they lie on the disk, how they are deleted. */
@NullMarked
package io.github.modelcache.family;

import org.jspecify.annotations.NullMarked;
