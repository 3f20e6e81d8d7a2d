/** Checkpoints and repositories of PyTorch Hub. */
@NullMarked
package io.github.modelcache.family.torch;

import org.jspecify.annotations.NullMarked;
