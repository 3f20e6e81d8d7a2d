/** Pipelines of spaCy, which are Python wheels. */
@NullMarked
package io.github.modelcache.family.spacy;

import org.jspecify.annotations.NullMarked;
