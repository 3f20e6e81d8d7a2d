package io.github.modelcache.config;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a project allows its models to be.
 *
 * @param unsafe how to take content that runs code when it is loaded
 * @param notScannable how to take content that cannot be looked into
 * @param remoteCode how to take a repository's own code; unset, it is a warning, and nothing for {@code torchhub:},
 *     whose models are code
 * @param gated how to take models that their owner gives only to those who accept terms
 * @param unknownLicense how to take a model whose source tells no licence
 * @param formats of files
 * @param licenses SPDX identifiers, or those of the source
 * @param sources references of models, or URLs of their files
 * @param maxModelBytes how large a model may be
 * @param signatures which models must be signed, and by whom
 * @param exceptions for single models, for a time
 */
public record Policy(
        Level unsafe,
        Level notScannable,
        Optional<Level> remoteCode,
        Level gated,
        Level unknownLicense,
        Names formats,
        Names licenses,
        Names sources,
        long maxModelBytes,
        List<RequiredSignature> signatures,
        List<Exemption> exceptions) {

    /** How to take something. */
    public enum Level {
        /** The build fails. */
        ERROR,
        /** The build says so. */
        WARN,
        /** Nothing is said. */
        ALLOW
    }

    /**
     * Names that are allowed or denied: patterns with {@code *} and {@code ?} in any letter case. A denied name is denied
     * even if it is allowed too; where nothing is allowed by name, everything is.
     */
    public record Names(List<String> allow, List<String> deny) {
        /** Copies the lists. */
        public Names {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }

        /** What decides against all of these names of one thing: the pattern, or that none allows it. */
        public Optional<String> against(String... names) {
            Optional<String> denied = deny.stream()
                    .filter(pattern -> Stream.of(names).anyMatch(name -> matches(pattern, name)))
                    .findFirst();
            if (denied.isPresent()) {
                return denied.map(pattern -> "\"deny\" has \"" + pattern + "\"");
            }
            boolean allowed = allow.isEmpty()
                    || allow.stream().anyMatch(pattern -> Stream.of(names).anyMatch(name -> matches(pattern, name)));
            return allowed ? Optional.empty() : Optional.of("\"allow\" does not have it");
        }
    }

    /**
     * A decision to live with some findings of some models.
     *
     * @param model a pattern of references
     * @param findings ids of findings
     * @param reason why
     * @param until the last day
     */
    public record Exemption(String model, Set<String> findings, String reason, LocalDate until) {
        /** Copies the set. */
        public Exemption {
            findings = Set.copyOf(findings);
        }

        /** Whether it is about this finding of this model. */
        public boolean covers(String finding, String reference) {
            return findings.contains(finding) && matches(model, reference);
        }
    }

    /**
     * A signature that models must have. One that fits several of these needs the signature of one.
     *
     * @param model a pattern of references
     * @param key the file of the signer's public key
     * @param certificate the file of certificates that vouch for the signer, where {@code key} is not given
     * @param file the path of the signature in the model
     * @param unsignedFiles whether the model may have files that are not signed
     */
    public record RequiredSignature(
            String model, Optional<Path> key, Optional<Path> certificate, String file, boolean unsignedFiles) {
        /** Whether it is about this model. */
        public boolean covers(String reference) {
            return matches(model, reference);
        }
    }

    /** Copies the lists. */
    public Policy {
        signatures = List.copyOf(signatures);
        exceptions = List.copyOf(exceptions);
    }

    private static boolean matches(String pattern, String name) {
        String regex = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL)
                .matcher(name)
                .matches();
    }
}
