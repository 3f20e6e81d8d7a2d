package io.github.modelcache.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whose signatures are accepted. */
public abstract sealed class TrustedSigner {
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final Pattern PUBLIC_KEY =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

    private TrustedSigner() {}

    /**
     * The owner of a private key.
     *
     * @param pem its public key
     * @throws IOException if there is none
     */
    public static TrustedSigner ofKey(byte[] pem) throws IOException {
        Matcher key = PUBLIC_KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!key.find()) {
            throw new IOException("it has no public key in PEM format (-----BEGIN PUBLIC KEY-----)");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(key.group(1));
            return new KeyOwner(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("it has no public key of an elliptic curve", e);
        }
    }

    /**
     * Owners of certificates that one of these has issued, or is.
     *
     * @param pem certificates
     * @param now must be within the validity of each certificate
     * @throws IOException if there is none
     */
    public static TrustedSigner ofCertificates(byte[] pem, Instant now) throws IOException {
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (!found.isEmpty()) {
                return new CertificateOwner(
                        found.stream().map(X509Certificate.class::cast).collect(Collectors.toSet()), now);
            }
        } catch (CertificateException e) {
            throw new IOException("it has no X.509 certificate in PEM format (-----BEGIN CERTIFICATE-----)", e);
        }
        throw new IOException("it has no X.509 certificate in PEM format (-----BEGIN CERTIFICATE-----)");
    }

    /** The key that a signature must be made with, if its material fits. */
    abstract PublicKey key(JsonPart material) throws InvalidSignatureException;

    private static void require(JsonPart material, String member, String what) throws InvalidSignatureException {
        if (material.has("certificate")) {
            throw new InvalidSignatureException("it is a keyless signature of Sigstore, which is not supported here");
        }
        if (!material.has(member)) {
            throw new InvalidSignatureException("it was not made with a " + what + ", as cache.policy.signatures says");
        }
    }

    private static final class KeyOwner extends TrustedSigner {
        private final PublicKey key;

        KeyOwner(PublicKey key) {
            this.key = key;
        }

        @Override
        PublicKey key(JsonPart material) throws InvalidSignatureException {
            require(material, "publicKey", "key");
            return key;
        }
    }

    private static final class CertificateOwner extends TrustedSigner {
        private final Set<X509Certificate> trusted;
        private final Instant now;

        CertificateOwner(Set<X509Certificate> trusted, Instant now) {
            this.trusted = trusted;
            this.now = now;
        }

        @Override
        PublicKey key(JsonPart material) throws InvalidSignatureException {
            require(material, "x509CertificateChain", "certificate");
            List<X509Certificate> chain = new ArrayList<>();
            for (JsonPart one :
                    material.get("x509CertificateChain").get("certificates").items()) {
                chain.add(certificate(one.get("rawBytes").base64()));
            }
            X509Certificate leaf = chain.get(0);
            try {
                leaf.checkValidity(Date.from(now));
                requireSigning(leaf);
                if (!trusted.contains(leaf)) {
                    CertPathBuilder.getInstance("PKIX").build(path(leaf, chain));
                }
            } catch (GeneralSecurityException e) {
                throw new InvalidSignatureException("its certificate is not to be trusted: " + e.getMessage(), e);
            }
            return leaf.getPublicKey();
        }

        private static X509Certificate certificate(byte[] der) throws InvalidSignatureException {
            try {
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            } catch (CertificateException e) {
                throw new InvalidSignatureException("its certificate cannot be read", e);
            }
        }

        private static void requireSigning(X509Certificate leaf)
                throws InvalidSignatureException, CertificateException {
            boolean[] usage = leaf.getKeyUsage();
            boolean signs = usage != null && usage[0];
            List<String> extended = leaf.getExtendedKeyUsage();
            if (!signs && (extended == null || !extended.contains(CODE_SIGNING))) {
                throw new InvalidSignatureException("its certificate is not meant for signatures");
            }
        }

        private PKIXBuilderParameters path(X509Certificate leaf, List<X509Certificate> chain)
                throws GeneralSecurityException {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    trusted.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet()), target);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false); // no request is made
            parameters.setDate(Date.from(now));
            return parameters;
        }
    }
}
