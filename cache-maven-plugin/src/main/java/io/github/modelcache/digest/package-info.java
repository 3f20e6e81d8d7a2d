/** SHA-256 and git SHA-1 digests of files and of bytes that are being received. */
@NullMarked
package io.github.modelcache.digest;

import org.jspecify.annotations.NullMarked;
