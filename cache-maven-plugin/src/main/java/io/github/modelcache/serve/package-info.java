/** Serves the locked models as a model hub. */
@NullMarked
package io.github.modelcache.serve;

import org.jspecify.annotations.NullMarked;
