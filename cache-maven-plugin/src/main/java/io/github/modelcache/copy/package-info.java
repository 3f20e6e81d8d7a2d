/** Puts chosen models as plain files into a folder: a jar's classes, an image's context. */
@NullMarked
package io.github.modelcache.copy;

import org.jspecify.annotations.NullMarked;
