/** What tests of several packages share. */
@NullMarked
package io.github.modelcache.testing;

import org.jspecify.annotations.NullMarked;
