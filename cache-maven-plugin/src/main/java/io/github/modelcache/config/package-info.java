/**
 * The config of a project, {@code config/hardware_cache.json}: read into one immutable {@link
 * io.github.modelcache.config.CacheConfig}, and completed in place.
 * Unknown members are kept, because users and Python programs edit the file too; known ones are checked strictly.
 */
@NullMarked
package io.github.modelcache.config;

import org.jspecify.annotations.NullMarked;
