package io.github.modelcache.http;

/**
 * Keeps the HTTP library from logging. With {@code mvn -X} it would print each header, and with them tokens, and
 * signed addresses. Maven's own logging reads this property when the library's loggers are made; one that the user has
 * set is left.
 */
final class LibraryLogs {
    private static final String LEVEL = "org.slf4j.simpleLogger.log.org.apache.hc";

    private LibraryLogs() {}

    static void quiet() {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, "off"); // errors of closing, too
        }
    }
}
