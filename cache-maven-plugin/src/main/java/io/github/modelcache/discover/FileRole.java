package io.github.modelcache.discover;

import java.util.regex.Pattern;

/** Recognizes tests and examples by their paths. */
final class FileRole {

    private static final Pattern TEST =
            Pattern.compile("(?i)(.*/)?(tests?|src/(test|it)|testing|integration[-_]?tests?|e2e)/.*"
                    + "|(.*/)?(test_[^/]*|[^/]*_test|conftest)\\.py");

    private static final Pattern TEST_CLASS =
            Pattern.compile("(.*/)?[^/]+(Test|Tests|IT|Spec)\\.(java|kt|scala|groovy)");
    private static final Pattern EXAMPLE = Pattern.compile("(?i)(.*/)?(examples?|samples?|demos?|docs?|tutorials?)/.*");

    private FileRole() {}

    static Use of(String file) {
        if (TEST.matcher(file).matches() || TEST_CLASS.matcher(file).matches()) {
            return Use.TEST;
        }
        return EXAMPLE.matcher(file).matches() ? Use.EXAMPLE : Use.DEFAULT;
    }
}
