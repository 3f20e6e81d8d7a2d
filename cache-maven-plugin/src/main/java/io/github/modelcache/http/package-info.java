/** Downloads and uploads: redirects, credentials, retries, resuming and digests. */
@NullMarked
package io.github.modelcache.http;

import org.jspecify.annotations.NullMarked;
