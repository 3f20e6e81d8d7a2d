package io.github.modelcache.it.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a build left behind on the screen.
 *
 * @param runtime the Maven and JDK that ran it
 * @param command what was asked of it
 * @param exitCode its exit code
 * @param lines its standard output and standard error
 */
public record BuildResult(String runtime, List<String> command, int exitCode, List<String> lines) {

    private static final Pattern STACK_FRAME = Pattern.compile("\\s+at [\\w.$/@]+\\(.*\\)");
    private static final Pattern GOAL_HEADER = Pattern.compile("\\[INFO] --- .*");
    private static final Pattern RULE = Pattern.compile("\\[INFO] -{20,}.*");

    public BuildResult {
        command = List.copyOf(command);
        lines = List.copyOf(lines);
    }

    /** Asserts that the build ended well. */
    public BuildResult succeeded() {
        assertThat(exitCode).as("exit code of %s", this).isZero();
        return this;
    }

    /** Asserts that the build failed, that its errors hold each of the texts, and that no stack trace is shown. */
    public BuildResult failedWith(String... texts) {
        assertThat(exitCode).as("exit code of %s", this).isNotZero();
        assertThat(errors()).as("errors of %s", this).contains(texts);
        return withoutStackTrace();
    }

    /** Asserts that nobody is shown the inside of a program. */
    public BuildResult withoutStackTrace() {
        assertThat(lines)
                .as("output of %s", this)
                .noneMatch(line -> STACK_FRAME.matcher(line).matches());
        return this;
    }

    /** Asserts that the output holds each of the texts. */
    public BuildResult says(String... texts) {
        assertThat(output()).as("output of %s", this).contains(texts);
        return this;
    }

    /** Asserts that the output holds none of the texts. */
    public BuildResult neverSays(String... texts) {
        assertThat(output()).as("output of %s", this).doesNotContain(texts);
        return this;
    }

    /** The whole output. */
    public String output() {
        return String.join("\n", lines);
    }

    /** The lines that Maven marks as errors. */
    public String errors() {
        return String.join(
                "\n", lines.stream().filter(line -> line.startsWith("[ERROR]")).toList());
    }

    /** What the goal printed, each time it ran, without Maven's own headings and empty lines. */
    public List<String> linesOf(String goal) {
        Pattern header = Pattern.compile("\\[INFO] --- cache(-maven-plugin)?:[^:]+:" + Pattern.quote(goal) + " .*");
        List<String> found = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (GOAL_HEADER.matcher(line).matches()) {
                inside = header.matcher(line).matches();
            } else if (RULE.matcher(line).matches() || line.equals("[INFO] BUILD SUCCESS")) {
                inside = false;
            } else if (inside && !line.equals("[INFO]") && !line.equals("[INFO] ")) {
                found.add(line);
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " on " + runtime + ":\n" + output() + "\n";
    }
}
