package io.github.modelcache.config;

import io.github.modelcache.config.Policy.Exemption;
import io.github.modelcache.config.Policy.Level;
import io.github.modelcache.config.Policy.Names;
import io.github.modelcache.config.Policy.RequiredSignature;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the member {@code cache.policy}. */
record PolicySection(ConfigValue policy, ConfigPaths paths) {
    private static final String LEVEL = "\"error\", \"warn\" or \"allow\"";
    private static final String PATTERNS = "an array of patterns such as [\"cc-by-nc-*\"]";
    private static final String NAMES = "an object with \"allow\", \"deny\" or both, each " + PATTERNS;
    private static final String EXCEPTIONS = "an array of objects such as {\"model\": \"hf:org/name\", \"findings\":"
            + " [\"unsafe-model\"], \"reason\": \"…\", \"until\": \"2027-01-31\"}";
    private static final Set<String> EXEMPTIBLE = Set.of(
            "unsafe-model",
            "not-scannable",
            "license-denied",
            "license-changed",
            "source-denied",
            "format-denied",
            "remote-code",
            "signature-missing",
            "signature-invalid");

    private static final String SIGNATURES =
            "an array of objects such as {\"model\": \"hf:org/*\", \"key\": \"config/keys/org.pem\"}";

    Policy read() throws ConfigException {
        ConfigValue licenses = policy.findObject("licenses", NAMES);
        return new Policy(
                level(policy, "unsafe").orElse(Level.ERROR),
                level(policy, "not_scannable").orElse(Level.WARN),
                level(policy, "remote_code"),
                level(policy, "gated").orElse(Level.ALLOW),
                level(licenses, "unknown").orElse(Level.ALLOW),
                names("formats"),
                names("licenses"),
                names("sources"),
                policy.read("max_model_size", CacheSection::size).orElse(Long.MAX_VALUE),
                signatures(),
                exceptions());
    }

    private static Optional<Level> level(ConfigValue of, String member) throws ConfigException {
        return of.read(member, value -> switch (value.string(LEVEL)) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "allow" -> Level.ALLOW;
            default -> throw value.wrong(LEVEL);
        });
    }

    private Names names(String member) throws ConfigException {
        ConfigValue value = policy.findObject(member, NAMES);
        return new Names(patterns(value, "allow"), patterns(value, "deny"));
    }

    private static List<String> patterns(ConfigValue of, String member) throws ConfigException {
        return of.read(member, value -> ConfigReader.strings(value, PATTERNS)).orElse(List.of());
    }

    private List<RequiredSignature> signatures() throws ConfigException {
        List<RequiredSignature> signatures = new ArrayList<>();
        for (ConfigValue item : items("signatures", SIGNATURES)) {
            Optional<Path> key = item.read("key", path -> paths.resolve(path, "config/keys/org.pem"));
            Optional<Path> certificate = item.read("certificate", path -> paths.resolve(path, "config/keys/ca.pem"));
            if (key.isPresent() == certificate.isPresent()) {
                throw item.problem("expected either \"key\" or \"certificate\"");
            }
            signatures.add(new RequiredSignature(
                    required(item, "model", SIGNATURES).text("a pattern of models such as \"hf:org/*\""),
                    key,
                    certificate,
                    item.read("file", file -> file.text("the path of the signature such as \"model.sig\""))
                            .orElse("model.sig"),
                    item.read("unsigned_files", ConfigValue::bool).orElse(false)));
        }
        return signatures;
    }

    private List<Exemption> exceptions() throws ConfigException {
        List<Exemption> exceptions = new ArrayList<>();
        for (ConfigValue item : items("exceptions", EXCEPTIONS)) {
            exceptions.add(new Exemption(
                    required(item, "model", EXCEPTIONS).text("a pattern of models such as \"hf:org/*\""),
                    findings(required(item, "findings", EXCEPTIONS)),
                    required(item, "reason", EXCEPTIONS).text("why the finding is accepted"),
                    date(required(item, "until", EXCEPTIONS))));
        }
        return exceptions;
    }

    /** The objects of an array. */
    private List<ConfigValue> items(String member, String expected) throws ConfigException {
        List<ConfigValue> items =
                policy.read(member, value -> value.items(expected)).orElse(List.of());
        for (ConfigValue item : items) {
            item.members(expected);
        }
        return items;
    }

    private static ConfigValue required(ConfigValue item, String member, String expected) throws ConfigException {
        return item.find(member).orElseThrow(() -> item.problem("\"" + member + "\" is missing; expected " + expected));
    }

    private static Set<String> findings(ConfigValue value) throws ConfigException {
        String expected =
                "one of " + String.join(", ", EXEMPTIBLE.stream().sorted().toList());
        Set<String> findings = new HashSet<>();
        for (ConfigValue item : value.items("an array of findings such as [\"unsafe-model\"]")) {
            String finding = item.string(expected).toLowerCase(Locale.ROOT);
            if (!EXEMPTIBLE.contains(finding)) {
                throw item.wrong(expected);
            }
            findings.add(finding);
        }
        return findings;
    }

    private static LocalDate date(ConfigValue value) throws ConfigException {
        String expected = "the last day of the exception, such as \"2027-01-31\"";
        try {
            return LocalDate.parse(value.string(expected));
        } catch (DateTimeParseException e) {
            throw value.wrong(expected).because(e);
        }
    }
}
