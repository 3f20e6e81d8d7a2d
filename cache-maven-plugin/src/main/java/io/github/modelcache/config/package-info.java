/**
 * The config of a project, {@code config/hardware_cache.json}: read into one immutable {@link
 * io.github.modelcache.config.CacheConfig}, and completed in place.
 *
 * <p>People and Python programs write this file too. So members that nobody here knows are kept and passed over, and
 * members that are known are read strictly: one error names the file, the place, the member, what was found and what is
 * expected.
 */
@NullMarked
package io.github.modelcache.config;

import org.jspecify.annotations.NullMarked;
