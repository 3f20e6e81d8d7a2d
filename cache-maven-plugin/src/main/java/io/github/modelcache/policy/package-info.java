/** What the project's policy says of models and files, as findings. */
@NullMarked
package io.github.modelcache.policy;

import org.jspecify.annotations.NullMarked;
