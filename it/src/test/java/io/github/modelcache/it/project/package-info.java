/** The projects, models and repositories that scenarios work on. */
@NullMarked
package io.github.modelcache.it.project;

import org.jspecify.annotations.NullMarked;
