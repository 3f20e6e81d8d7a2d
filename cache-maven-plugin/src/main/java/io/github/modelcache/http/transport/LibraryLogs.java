package io.github.modelcache.http.transport;

import org.slf4j.LoggerFactory;

/**
 * Keeps the HTTP library from logging. With {@code mvn -X} it would print each header, and with them tokens, and
 * signed addresses. Maven's own logging reads this property when the library's loggers are made; one that the user has
 * set is left.
 */
final class LibraryLogs {
    private static final String LIBRARY = "org.apache.hc";

    private LibraryLogs() {}

    static void quiet() {
        String level = levels() + LIBRARY;
        if (System.getProperty(level) == null) {
            System.setProperty(level, "off"); // errors of closing, too
        }
    }

    /** Maven 4 has its own logging and warns of the property of slf4j's simple logger, which Maven 3 uses. */
    private static String levels() {
        boolean maven4 = LoggerFactory.getILoggerFactory().getClass().getName().startsWith("org.apache.maven.");
        return maven4 ? "maven.logger.log." : "org.slf4j.simpleLogger.log.";
    }
}
