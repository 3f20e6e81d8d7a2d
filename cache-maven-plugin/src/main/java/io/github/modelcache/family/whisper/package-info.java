/** Checkpoints of OpenAI's whisper. */
@NullMarked
package io.github.modelcache.family.whisper;

import org.jspecify.annotations.NullMarked;
