/**
 * Requests over the network, by Apache HttpClient: connections, TLS, proxies, addresses, time limits. Redirects, retries,
 * credentials and what an answer means are decided by the callers. Nothing of models.
 */
@NullMarked
package io.github.modelcache.http;

import org.jspecify.annotations.NullMarked;
