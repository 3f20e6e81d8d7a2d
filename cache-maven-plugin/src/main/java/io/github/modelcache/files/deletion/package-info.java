/** Deletes trees of files without following links or leaving the folder that was chosen. */
@NullMarked
package io.github.modelcache.files.deletion;

import org.jspecify.annotations.NullMarked;
