package io.github.modelcache.config;

/**
 * How much a cache root may hold.
 *
 * @param warnBytes size from which {@code verify} warns; not above {@code maxBytes}
 * @param maxBytes size from which {@code verify} fails; {@link Long#MAX_VALUE} where there is no such limit
 */
public record Budget(long warnBytes, long maxBytes) {}
