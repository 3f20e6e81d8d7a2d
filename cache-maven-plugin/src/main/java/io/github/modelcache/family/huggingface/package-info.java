/** Models of the Hugging Face Hub: its API, its cache layout, its older flat layout. */
@NullMarked
package io.github.modelcache.family.huggingface;

import org.jspecify.annotations.NullMarked;
