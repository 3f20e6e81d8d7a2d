package io.github.modelcache.model;

import io.github.modelcache.digest.Digest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of PyTorch's checkpoints: {@code resnet50-0676ba61.pth} ends in the first digits of its content's SHA-256.
 * Fewer than six digits are a part of the name.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/hub.html">torch.hub.load_state_dict_from_url, check_hash</a>
 */
public final class TorchCheckpoint {

    private static final Pattern DIGITS = Pattern.compile("-([0-9a-f]{6,64})\\.");

    /** 20240131 or 240131. */
    private static final Pattern DATE =
            Pattern.compile("(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])");

    private TorchCheckpoint() {}

    /** The first digits of the SHA-256 in a file name. */
    public static Optional<String> digestPrefix(String fileName) {
        Matcher matcher = DIGITS.matcher(fileName);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** The same without digits that may be a date, as in {@code model-20240131.pt}. */
    public static Optional<String> certainPrefix(String fileName) {
        return digestPrefix(fileName).filter(digits -> !DATE.matcher(digits).matches());
    }

    /** Whether a digest matches the name. */
    public static boolean fits(String fileName, Digest sha256) {
        return digestPrefix(fileName).map(sha256.hex()::startsWith).orElse(true);
    }
}
