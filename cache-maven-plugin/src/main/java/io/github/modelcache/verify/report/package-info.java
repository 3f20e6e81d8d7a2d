/** The outcome of verification in the formats that other tools read: SARIF, JUnit XML, GitHub's summary and annotations. */
@NullMarked
package io.github.modelcache.verify.report;

import org.jspecify.annotations.NullMarked;
