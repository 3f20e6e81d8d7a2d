/** Models that are single files behind a URL. */
@NullMarked
package io.github.modelcache.family.url;

import org.jspecify.annotations.NullMarked;
