/** Where models come from: what a declaration stands for, and how its bytes are had. */
@NullMarked
package io.github.modelcache.source;

import org.jspecify.annotations.NullMarked;
