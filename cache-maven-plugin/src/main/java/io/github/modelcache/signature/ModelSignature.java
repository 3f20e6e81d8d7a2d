package io.github.modelcache.signature;

import io.github.modelcache.json.JsonDocument;
import io.github.modelcache.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.regex.Pattern;

/**
 * A signature of a model: a Sigstore bundle with a DSSE envelope around an in-toto statement.
 *
 * @see <a href="https://github.com/ossf/model-signing-spec/blob/main/spec/v1.0.md">OpenSSF Model Signing 1.0</a>
 * @see <a href="https://github.com/secure-systems-lab/dsse/blob/master/protocol.md">DSSE</a>
 */
public final class ModelSignature {
    /** The largest that is read, in bytes. */
    public static final int LARGEST = 16 << 20;

    private static final String PAYLOAD = "application/vnd.in-toto+json";
    private static final Pattern MEDIA = Pattern.compile(
            "application/vnd\\.dev\\.sigstore\\.bundle(\\.v0\\.\\d+\\+json|\\+json;\\s*version=(v?0\\.\\d+))");

    private final JsonPart bundle;

    private ModelSignature(JsonPart bundle) {
        this.bundle = bundle;
    }

    /**
     * Reads the file of a signature.
     *
     * @throws InvalidSignatureException if it is not a Sigstore bundle
     */
    public static ModelSignature parse(byte[] content) throws InvalidSignatureException {
        JsonPart bundle;
        try {
            String text = new String(content, StandardCharsets.UTF_8);
            bundle = new JsonPart(
                    "bundle", JsonDocument.parse("the signature", text).root());
        } catch (JsonException e) {
            throw new InvalidSignatureException("it is not JSON", e);
        }
        String media = bundle.get("mediaType").text();
        if (!MEDIA.matcher(media).matches()) {
            throw new InvalidSignatureException("it is not a Sigstore bundle, but " + media);
        }
        return new ModelSignature(bundle);
    }

    /**
     * The signed files, if the signer is the trusted one.
     *
     * @throws InvalidSignatureException if the signer is another one, or something is not as the specification says
     */
    public SignedFiles verify(TrustedSigner signer) throws InvalidSignatureException {
        PublicKey key = signer.key(bundle.get("verificationMaterial"));
        JsonPart envelope = bundle.get("dsseEnvelope");
        String type = envelope.get("payloadType").text();
        if (!type.equals(PAYLOAD)) {
            throw new InvalidSignatureException("its payload is not an in-toto statement, but " + type);
        }
        byte[] payload = envelope.get("payload").base64();
        for (JsonPart signature : envelope.get("signatures").items()) {
            if (isSigned(payload, signature.get("sig").base64(), key)) {
                return SignedFiles.parse(payload);
            }
        }
        throw new InvalidSignatureException("it was made with another key, or changed afterwards");
    }

    private static boolean isSigned(byte[] payload, byte[] signature, PublicKey key) throws InvalidSignatureException {
        return isValid(algorithm(key), authenticated(payload), signature, key)
                || isValid("SHA256withECDSA", formerlyAuthenticated(payload), signature, key);
    }

    private static boolean isValid(String algorithm, byte[] content, byte[] signature, PublicKey key)
            throws InvalidSignatureException {
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(key);
            check.update(content);
            return check.verify(signature);
        } catch (InvalidKeyException e) {
            throw new InvalidSignatureException("its key cannot be used: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String algorithm(PublicKey key) throws InvalidSignatureException {
        int bits =
                key instanceof ECPublicKey curve ? curve.getParams().getOrder().bitLength() : 0;
        return switch (bits) {
            case 256 -> "SHA256withECDSA";
            case 384 -> "SHA384withECDSA";
            case 521 -> "SHA512withECDSA";
            default ->
                throw new InvalidSignatureException(
                        "its key is not of the curves P-256, P-384 and P-521 that the specification allows");
        };
    }

    private static byte[] authenticated(byte[] payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 64);
        bytes.writeBytes(("DSSEv1 " + PAYLOAD.length() + " " + PAYLOAD + " " + payload.length + " ")
                .getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(payload);
        return bytes.toByteArray();
    }

    /** What versions of the reference implementation before 1.0 signed: the payload as Python shows bytes. */
    private static byte[] formerlyAuthenticated(byte[] payload) {
        StringBuilder shown = new StringBuilder(payload.length + 64)
                .append("DSSEV1 ")
                .append(PAYLOAD.length())
                .append(' ')
                .append(PAYLOAD)
                .append(' ')
                .append(payload.length)
                .append(" b'");
        for (byte one : payload) {
            switch (one) {
                case '\\' -> shown.append("\\\\");
                case '\'' -> shown.append("\\'");
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (one >= ' ' && one < 127) {
                        shown.append((char) one);
                    } else {
                        shown.append(String.format("\\x%02x", one));
                    }
                }
            }
        }
        return shown.append('\'').toString().getBytes(StandardCharsets.UTF_8);
    }
}
