package io.github.modelcache.mojo;

import io.github.modelcache.files.FileAppender;
import io.github.modelcache.files.IoErrors;
import io.github.modelcache.json.JsonWriter;
import io.github.modelcache.plan.Messages;
import io.github.modelcache.verify.VerifyReport;
import io.github.modelcache.verify.report.GitHubReport;
import io.github.modelcache.verify.report.JUnitReport;
import io.github.modelcache.verify.report.SarifReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The reports that {@code cache.reports} asks for, and those of GitHub Actions. */
final class VerifyOutputs {

    private static final String SUMMARY = "GITHUB_STEP_SUMMARY";

    private enum Format {
        SARIF,
        JUNIT,
        NONE
    }

    private final Set<Format> formats;
    private final Map<String, String> environment;

    private VerifyOutputs(Set<Format> formats, Map<String, String> environment) {
        this.formats = formats;
        this.environment = environment;
    }

    /**
     * Reads the parameter.
     *
     * @throws IllegalArgumentException if it names a format that is unknown
     */
    static VerifyOutputs parse(String text, Map<String, String> environment) {
        Set<Format> formats = EnumSet.noneOf(Format.class);
        for (String name : text.split(",", -1)) {
            switch (name.strip()) {
                case "" -> {}
                case "sarif" -> formats.add(Format.SARIF);
                case "junit" -> formats.add(Format.JUNIT);
                case "none" -> formats.add(Format.NONE);
                default ->
                    throw new IllegalArgumentException(
                            "cache.reports is '" + text + "', expected sarif, junit, both with a comma, or none");
            }
        }
        return new VerifyOutputs(formats, environment);
    }

    /** Writes the reports; {@code project} is the path of the project in its repository. */
    void write(VerifyReport report, Reports files, SarifReport sarif, String project) {
        if (formats.contains(Format.SARIF)) {
            files.write("verify.sarif", JsonWriter.write(sarif.toJson(report)));
        }
        if (formats.contains(Format.JUNIT)) {
            files.write("verify-junit.xml", JUnitReport.toXml(report, project));
        }
    }

    /** Adds to the summary of a step of GitHub Actions, and prints the annotations. */
    void reportToGitHub(VerifyReport report, Path root, Path configFile, PrintStream out, Messages messages) {
        String file = environment.getOrDefault(SUMMARY, "");
        if (file.isBlank() || formats.contains(Format.NONE)) {
            return;
        }
        try {
            FileAppender.append(Path.of(file), GitHubReport.summary(report), SUMMARY);
        } catch (IOException e) {
            messages.warn("The summary of this step can't be written: " + IoErrors.message(e, Path.of(file)));
        }
        GitHubReport.annotations(report, root, configFile).forEach(out::println);
        out.flush();
    }
}
