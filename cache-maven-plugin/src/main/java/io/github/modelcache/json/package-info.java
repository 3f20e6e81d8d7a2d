/**
 * JSON text with the exact position of everything in it, and edits of that text that leave every other byte alone.
 *
 * <p>Tokens come from jackson-core; the tree, its positions and the splicing are this package's own, because data
 * binding libraries forget how a file was written.
 */
@NullMarked
package io.github.modelcache.json;

import org.jspecify.annotations.NullMarked;
