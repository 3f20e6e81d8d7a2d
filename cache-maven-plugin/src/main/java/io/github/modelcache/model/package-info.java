/** What a project wants: references to models, their declarations, and the lock that pins them. */
@NullMarked
package io.github.modelcache.model;

import org.jspecify.annotations.NullMarked;
