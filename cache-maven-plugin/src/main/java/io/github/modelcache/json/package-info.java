/**
 * JSON with the position of each value, and edits that keep every other byte. jackson-core supplies the tokens; data
 * binding libraries do not keep the formatting of a file.
 */
@NullMarked
package io.github.modelcache.json;

import org.jspecify.annotations.NullMarked;
