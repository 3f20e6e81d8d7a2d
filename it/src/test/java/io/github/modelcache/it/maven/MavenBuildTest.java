package io.github.modelcache.it.maven;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/** A scenario of whole builds. Its method takes a {@link MavenBuild}, and a {@link Workspace} where it likes. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(MavenBuildExtension.class)
public @interface MavenBuildTest {

    /** Which pairs of Maven and JDK the scenario runs on. */
    On on() default On.EVERY_PAIR;

    /** Which pairs of Maven and JDK a scenario runs on. */
    enum On {
        /** Each supported Maven on JDK 17 and on the newest JDK. */
        EVERY_PAIR,
        /** Each supported Maven once, and each JDK: what every Maven does in its own way and a JDK has no part in. */
        EACH_MAVEN,
        /** The newest Maven 3.9 on JDK 17: for faults that Maven has no part in. */
        THE_USUAL_PAIR
    }
}
