/** Copies, moves and links files so that a target is either complete or missing. */
@NullMarked
package io.github.modelcache.files.copy;

import org.jspecify.annotations.NullMarked;
