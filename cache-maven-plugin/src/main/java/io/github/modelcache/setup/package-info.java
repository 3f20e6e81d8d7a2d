/** Prepares a project: folders, config, ignored files. */
@NullMarked
package io.github.modelcache.setup;

import org.jspecify.annotations.NullMarked;
