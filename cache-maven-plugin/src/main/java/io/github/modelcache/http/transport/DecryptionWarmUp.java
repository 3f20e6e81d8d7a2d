package io.github.modelcache.http.transport;

import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes Java compile its AES-GCM while the first connections are opened. Until then it decrypts at a thirtieth of the
 * speed. Java counts calls, not bytes, so many short messages have the same effect as the first 100 MB of a download.
 */
final class DecryptionWarmUp {
    private static final int CALLS = 12_000;
    private static final int SHORT_BYTES = 80;
    /** A TLS record. */
    private static final int LONG_BYTES = 16 * 1024;
    /** How many are decrypted for each one that is encrypted. */
    private static final int RECORDS = 16;

    private static final int KEY_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** Compiled code takes a tenth of that for a record. */
    private static final long FAST_NANOS = 80_000;

    private static final long LONGEST_MILLIS = 1_500;

    private final Thread thread = new Thread(DecryptionWarmUp::run, "model-cache-warm-up");

    private DecryptionWarmUp() {
        thread.setDaemon(true);
    }

    /** Begins in a thread that never keeps Maven from ending. */
    static DecryptionWarmUp begin() {
        DecryptionWarmUp warmUp = new DecryptionWarmUp();
        warmUp.thread.start();
        return warmUp;
    }

    /**
     * Waits until decryption is fast, at most 1.5 seconds. Slow decryption in many threads would leave the compiler no
     * time.
     */
    void await() throws InterruptedIOException {
        try {
            thread.join(LONGEST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before a download");
        }
    }

    private static void run() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
        try {
            decrypt(SHORT_BYTES, CALLS, end);
            while (decrypt(LONG_BYTES, RECORDS, end) > FAST_NANOS && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            return; // without AES-GCM there is nothing to compile; providers also throw unchecked exceptions
        }
    }

    /** Decrypts a message many times, at most until a time; returns how many nanoseconds the last one took. */
    static long decrypt(int bytes, int times, long end) throws GeneralSecurityException {
        SecretKeySpec key = new SecretKeySpec(new byte[KEY_BYTES], "AES");
        GCMParameterSpec parameters = new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, parameters);
        ByteBuffer message = ByteBuffer.wrap(cipher.doFinal(new byte[bytes]));
        ByteBuffer plain = ByteBuffer.allocate(bytes);
        long last = 0;
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            if (start > end) {
                break;
            }
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            cipher.doFinal(message.rewind(), plain.clear());
            last = System.nanoTime() - start;
        }
        return last;
    }
}
