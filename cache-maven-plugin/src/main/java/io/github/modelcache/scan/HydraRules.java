package io.github.modelcache.scan;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a config of Hydra calls. NeMo, uni2ts and FlexTok call it when they load a model: CVE-2025-23304,
 * CVE-2026-22584.
 */
final class HydraRules {
    /** The member that names a class or a function. */
    static final String MEMBER = "_target_";

    /** How much of a text a member and its value take. A key of YAML has at most 1,024 characters. */
    static final int LONGEST = 1200;

    /** The value behind the member, in JSON, YAML, or what Python prints, perhaps within another string. */
    private static final Pattern TARGET = Pattern.compile(
            MEMBER + "\\\\*['\"]?(?:\\s++|#[^\n]*+\n)*+:(?:\\s++|#[^\n]*+\n)*+(\\\\*['\"])?([^\\s'\",}]*)");

    private static final Pattern HIDDEN = Pattern.compile(MEMBER + "['\"]?\\s{1000,}");
    private static final Pattern CLASS = Pattern.compile("([A-Za-z_]\\w*)(\\.\\w+)*\\.[A-Z]\\w*");
    private static final Set<String> LIBRARIES = Set.of(
            "nemo",
            "torch",
            "torchaudio",
            "torchmetrics",
            "torchvision",
            "lightning",
            "pytorch_lightning",
            "transformers",
            "diffusers",
            "omegaconf",
            "megatron",
            "uni2ts",
            "gluonts",
            "flextok",
            "nemo_text_processing",
            "sam2");

    /** Modules of Python whose classes start programs or load code; many libraries import them. */
    private static final Set<String> PROGRAMS = Set.of(
            "asyncio",
            "builtins",
            "code",
            "concurrent",
            "ctypes",
            "importlib",
            "multiprocessing",
            "os",
            "pdb",
            "pickle",
            "runpy",
            "shutil",
            "subprocess",
            "sys",
            "threading");

    /** What stands for no target in YAML and Hydra. */
    private static final Set<String> NONE = Set.of("", "null", "~", "None", "???");

    private HydraRules() {}

    /** Reports a name unless it is a class of a library for models. */
    static void check(String target, String where, Inspection inspection) {
        if (NONE.contains(target)) {
            return;
        }
        Matcher name = CLASS.matcher(target);
        boolean program = Stream.of(target.split("\\.", -1)).anyMatch(PROGRAMS::contains);
        if (target.startsWith("${")) {
            inspection.remoteCode(where, "its config would make " + target + " by Hydra");
        } else if (!name.matches() || program) {
            inspection.unsafe(where, "its config would call " + target + " by Hydra");
        } else if (!LIBRARIES.contains(name.group(1))) {
            inspection.remoteCode(where, "its config would make " + target + " by Hydra");
        }
    }

    /** Reports the names in a text. */
    static void checkText(String text, String where, Inspection inspection) {
        for (int at = text.indexOf(MEMBER); at >= 0; at = text.indexOf(MEMBER, at + 1)) {
            checkStart(text.substring(at, Math.min(text.length(), at + LONGEST)), where, inspection);
        }
    }

    /** Reports the name in a text that begins with the member. */
    static void checkStart(String text, String where, Inspection inspection) {
        Matcher target = TARGET.matcher(text);
        if (target.lookingAt()) {
            boolean inString = target.group(1) != null && target.group(1).startsWith("\\");
            String name = target.group(2);
            check(inString ? name.replaceFirst("\\\\+$", "") : name, where, inspection);
        } else if (HIDDEN.matcher(text).lookingAt()) {
            inspection.unsafe(where, "its config hides the value of " + MEMBER + ", which Hydra would call");
        }
    }
}
