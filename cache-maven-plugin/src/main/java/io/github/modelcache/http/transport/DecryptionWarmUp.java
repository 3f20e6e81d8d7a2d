package io.github.modelcache.http.transport;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes Java compile its AES-GCM while the first connections are opened. Java counts calls, not bytes, so many short
 * messages have the same effect as the first 100 MB of a download, which it would decrypt at a tenth of the speed.
 */
final class DecryptionWarmUp {
    private static final int CALLS = 12_000;
    private static final int MESSAGE_BYTES = 80;
    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private DecryptionWarmUp() {}

    /** Begins in a thread that never keeps Maven from ending. */
    static void begin() {
        Thread thread = new Thread(() -> decrypted(CALLS), "model-cache-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** Decrypts short messages; returns how many. */
    static int decrypted(int messages) {
        int done = 0;
        try {
            SecretKeySpec key = new SecretKeySpec(new byte[KEY_BYTES], "AES");
            GCMParameterSpec parameters = new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
            ByteBuffer message = ByteBuffer.wrap(cipher.doFinal(new byte[MESSAGE_BYTES]));
            ByteBuffer plain = ByteBuffer.allocate(MESSAGE_BYTES);
            for (; done < messages; done++) {
                cipher.init(Cipher.DECRYPT_MODE, key, parameters);
                cipher.doFinal(message.rewind(), plain.clear());
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            return done; // without AES-GCM there is nothing to compile; providers also throw unchecked exceptions
        }
        return done;
    }
}
