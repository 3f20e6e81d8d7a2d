/**
 * Files and bytes, and nothing of models: digests, atomic publishing, deletion that stays inside its root, HTTP with
 * resume, archives.
 */
@NullMarked
package io.github.modelcache.io;

import org.jspecify.annotations.NullMarked;
