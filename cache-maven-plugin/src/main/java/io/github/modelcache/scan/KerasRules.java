package io.github.modelcache.scan;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which objects of a Keras config are built from code of the file, or from names that are none of Keras. */
final class KerasRules {
    /** The members that decide. */
    static final Set<String> MEMBERS = Set.of("class_name", "module", "registered_name", "config");

    private static final Set<String> CODE = Set.of("Lambda", "__lambda__", "TorchModuleWrapper", "TFSMLayer");
    private static final Pattern OWN = Pattern.compile(
            "(keras|tf_keras|keras_hub|keras_nlp|keras_cv|tensorflow\\.keras|tensorflow\\.python\\.keras)(\\..*)?");
    private static final Pattern TOOLS =
            Pattern.compile(".*\\.(utils|saving|export|models\\.cloning|legacy\\.saving)(\\..*)?");
    private static final Pattern CLASS = Pattern.compile("[A-Z]\\w*|function|__\\w+__");
    private static final Set<String> DANGEROUS = Set.of(
            "eval",
            "exec",
            "compile",
            "open",
            "__import__",
            "getattr",
            "setattr",
            "delattr",
            "globals",
            "vars",
            "input",
            "breakpoint");

    private KerasRules() {}

    /** What is wrong with an object, by those of its members that are strings; the others are empty. */
    static Optional<String> problem(Map<String, String> object) {
        String className = object.getOrDefault("class_name", "");
        if (className.isEmpty() || !(object.containsKey("config") || object.containsKey("module"))) {
            return Optional.empty();
        }
        String simple = className.substring(Math.max(className.lastIndexOf('>'), className.lastIndexOf('.')) + 1);
        if (CODE.contains(simple)) {
            return Optional.of("it has a Keras layer of the class " + className + ", which contains code");
        }
        String module = object.getOrDefault("module", "");
        if (module.isEmpty()) {
            return Optional.empty();
        }
        String config = object.getOrDefault("config", "");
        boolean function = simple.equals("function");
        if (module.equals("builtins") && !DANGEROUS.contains(function ? config : simple)) {
            return Optional.empty();
        }
        boolean allowed = OWN.matcher(module).matches()
                && !TOOLS.matcher(module).matches()
                && CLASS.matcher(simple).matches();
        return allowed
                ? Optional.empty()
                : Optional.of("its Keras config would make " + module + "." + (function ? config : className));
    }
}
