package io.github.modelcache.it.client;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which client a class of scenarios is about, or which one a parameter is. The methods of such a class take a
 * {@link PythonClient} and a {@link ClientTable}.
 */
@Target({ElementType.TYPE, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClientExtension.class)
@interface Client {

    /** The name of its requirements in {@code clients/}. */
    String value();
}
