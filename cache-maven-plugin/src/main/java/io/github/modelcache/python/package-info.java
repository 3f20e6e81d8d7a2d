/** Python environments and programs that run in them. */
@NullMarked
package io.github.modelcache.python;

import org.jspecify.annotations.NullMarked;
