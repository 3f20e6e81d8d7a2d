/** The goals: parameters, skipping, one call into a feature, errors as Maven wants them. Only here is Maven imported. */
@NullMarked
package io.github.modelcache.mojo;

import org.jspecify.annotations.NullMarked;
