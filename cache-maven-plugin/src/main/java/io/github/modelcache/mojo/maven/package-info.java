/** Adapters between Maven and the rest: settings, proxies, repositories, the reactor. */
@NullMarked
package io.github.modelcache.mojo.maven;

import org.jspecify.annotations.NullMarked;
