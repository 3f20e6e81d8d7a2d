/** Reads zip archives from untrusted sources and refuses those that could write outside of a folder. */
@NullMarked
package io.github.modelcache.archive;

import org.jspecify.annotations.NullMarked;
