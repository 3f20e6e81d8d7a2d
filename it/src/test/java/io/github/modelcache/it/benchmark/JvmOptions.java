package io.github.modelcache.it.benchmark;

/** Options of Java that docs/ci.md names for builds of a few seconds. */
final class JvmOptions {

    /** Keeps the second compiler for what runs very often; a short build pays for the rest and never gets it back. */
    static final String LITTLE_COMPILING = " -XX:Tier4InvocationThreshold=100000 -XX:Tier4MinInvocationThreshold=20000"
            + " -XX:Tier4CompileThreshold=300000 -XX:Tier4BackEdgeThreshold=800000";

    /** For {@code -Xmx64m}: the whole process of Maven stays small. */
    static final String SMALL_RUNNER = " -Xmn8m -XX:+UseSerialGC" + LITTLE_COMPILING;

    private JvmOptions() {}
}
