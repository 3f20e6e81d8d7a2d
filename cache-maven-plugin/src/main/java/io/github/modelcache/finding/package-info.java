/** What verification reports: findings with an id, a severity and a fix. */
@NullMarked
package io.github.modelcache.finding;

import org.jspecify.annotations.NullMarked;
