/** What a CI needs to keep the caches by its own means. */
@NullMarked
package io.github.modelcache.ci;

import org.jspecify.annotations.NullMarked;
