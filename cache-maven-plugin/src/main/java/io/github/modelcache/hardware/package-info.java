/**
 * What this machine is: platform, processor, memory, accelerators. Detection only looks, and never fails: what cannot be
 * found out is reported as not there.
 */
@NullMarked
package io.github.modelcache.hardware;

import org.jspecify.annotations.NullMarked;
