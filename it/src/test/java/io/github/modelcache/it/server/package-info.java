/** Real HTTP servers on the loopback interface, well-behaved and otherwise. */
@NullMarked
package io.github.modelcache.it.server;

import org.jspecify.annotations.NullMarked;
