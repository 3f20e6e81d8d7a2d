/** Models of ModelScope: {@code modelscope:owner/name}. */
@NullMarked
package io.github.modelcache.family.modelscope;

import org.jspecify.annotations.NullMarked;
