/** Measurements, run by the profile {@code benchmarks}; no test asserts them. */
@NullMarked
package io.github.modelcache.it.benchmark;

import org.jspecify.annotations.NullMarked;
