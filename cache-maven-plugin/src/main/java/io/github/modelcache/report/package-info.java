/** The report of a cache as one HTML page. */
@NullMarked
package io.github.modelcache.report;

import org.jspecify.annotations.NullMarked;
