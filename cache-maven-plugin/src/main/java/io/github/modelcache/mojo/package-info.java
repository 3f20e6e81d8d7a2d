/** The goals: parameters, a call of a feature, and errors for Maven. Only this package and its adapters know Maven. */
@NullMarked
package io.github.modelcache.mojo;

import org.jspecify.annotations.NullMarked;
