/** Which models a cache holds, what each weighs, and what deleting it would free. */
@NullMarked
package io.github.modelcache.inventory.usage;

import org.jspecify.annotations.NullMarked;
