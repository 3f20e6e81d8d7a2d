package io.github.modelcache.it.fault;

import io.github.modelcache.it.maven.MavenBuild;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * A goal in a situation.
 *
 * @param goal the goal
 * @param situation what it finds, in few words
 * @param weight how many of 300 kills it gets
 * @param touches the folders that it may change
 * @param preparation makes the situation on an empty stage
 * @param build runs the goal
 */
record Scene(
        String goal,
        String situation,
        int weight,
        List<String> touches,
        Preparation preparation,
        Function<Stage, MavenBuild> build) {

    /** Makes a situation. */
    @FunctionalInterface
    interface Preparation {
        void on(Stage stage) throws IOException, InterruptedException;
    }

    Scene {
        touches = List.copyOf(touches);
    }

    String name() {
        return goal + ", " + situation;
    }
}
