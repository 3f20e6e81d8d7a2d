/** Reads source code as far as the names of models need it: tokens, calls, and the values of variables within a file. */
@NullMarked
package io.github.modelcache.discover.code;

import org.jspecify.annotations.NullMarked;
