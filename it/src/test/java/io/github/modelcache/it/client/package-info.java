/** The real Python clients of the model hub, on caches that the plugin filled, and the other way round. */
@NullMarked
package io.github.modelcache.it.client;

import org.jspecify.annotations.NullMarked;
