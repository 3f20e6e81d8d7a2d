/** Signatures of models by the OpenSSF Model Signing Specification 1.0. */
@NullMarked
package io.github.modelcache.signature;

import org.jspecify.annotations.NullMarked;
