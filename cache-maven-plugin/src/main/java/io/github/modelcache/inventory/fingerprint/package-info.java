/** Remembers what a tree of files looked like, so that unchanged files are not hashed again. */
@NullMarked
package io.github.modelcache.inventory.fingerprint;

import org.jspecify.annotations.NullMarked;
