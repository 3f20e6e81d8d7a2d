package io.github.modelcache.scan;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a config of Hydra calls. NeMo, uni2ts and FlexTok call it when they load a model: CVE-2025-23304,
 * CVE-2026-22584.
 */
final class HydraRules {
    /** The member that names a class or a function. */
    static final String MEMBER = "_target_";

    private static final Pattern TARGET = Pattern.compile(MEMBER + "\\\\*['\"]?\\s*:\\s*\\\\*['\"]?([^\\s'\"\\\\,}]*)");
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
            "flextok");

    /** Packages of Python whose classes start programs or load code. */
    private static final Set<String> PROGRAMS = Set.of(
            "asyncio",
            "code",
            "concurrent",
            "ctypes",
            "importlib",
            "multiprocessing",
            "pdb",
            "subprocess",
            "threading");

    private HydraRules() {}

    /** Reports a name unless it is a class of a library for models. */
    static void check(String target, String where, Inspection inspection) {
        Matcher name = CLASS.matcher(target);
        if (!name.matches() || PROGRAMS.contains(name.group(1))) {
            inspection.unsafe(where, "its config would call " + target + " by Hydra");
        } else if (!LIBRARIES.contains(name.group(1))) {
            inspection.remoteCode(where, "its config would make " + target + " by Hydra");
        }
    }

    /** Reports the names in a text: JSON, YAML, or what Python prints. */
    static void checkText(String text, String where, Inspection inspection) {
        Matcher target = TARGET.matcher(text);
        while (target.find()) {
            check(target.group(1), where, inspection);
        }
    }
}
