/** Models of Ollama's registry, in the layout of Ollama. */
@NullMarked
package io.github.modelcache.family.ollama;

import org.jspecify.annotations.NullMarked;
