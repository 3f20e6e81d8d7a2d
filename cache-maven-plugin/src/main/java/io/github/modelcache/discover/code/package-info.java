/** Reads source code to find the names of models: tokens, calls, and the values of variables within a file. */
@NullMarked
package io.github.modelcache.discover.code;

import org.jspecify.annotations.NullMarked;
