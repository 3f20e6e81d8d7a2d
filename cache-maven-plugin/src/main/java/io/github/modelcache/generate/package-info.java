/** How the project's own programs find a declared model: by its name. */
@NullMarked
package io.github.modelcache.generate;

import org.jspecify.annotations.NullMarked;
