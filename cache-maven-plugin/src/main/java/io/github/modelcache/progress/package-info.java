/** How far long work is, and how a terminal or a log shows it. */
@NullMarked
package io.github.modelcache.progress;

import org.jspecify.annotations.NullMarked;
