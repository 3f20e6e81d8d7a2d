/**
 * Looks into model files for content that runs code when it is loaded. Nothing is run, unpacked or written; what a file
 * is, its bytes decide and not its name.
 */
@NullMarked
package io.github.modelcache.scan;

import org.jspecify.annotations.NullMarked;
