/** Sends one request over HTTP/1.1 or HTTP/2. The only package that knows the HTTP library. */
@NullMarked
package io.github.modelcache.http.transport;

import org.jspecify.annotations.NullMarked;
