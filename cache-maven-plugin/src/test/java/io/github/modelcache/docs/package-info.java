/** Keeps the pages in docs/ and the code in step. */
@NullMarked
package io.github.modelcache.docs;

import org.jspecify.annotations.NullMarked;
