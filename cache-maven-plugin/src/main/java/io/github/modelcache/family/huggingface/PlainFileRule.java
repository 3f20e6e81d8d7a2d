package io.github.modelcache.family.huggingface;

import io.github.modelcache.model.ResolvedModel;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a snapshot has plain files instead of links, because a library that reads the model refuses links. Asked for each
 * of thousands of files of a model, so the last answer is kept. Thread-safe.
 */
final class PlainFileRule {

    /** The names that exporters give to the external tensors of an ONNX model. */
    private static final Pattern EXTERNAL_DATA = Pattern.compile("\\.onnx[._]data(_\\d+)?$");

    private volatile Optional<Answer> last = Optional.empty();

    private record Answer(ResolvedModel model, boolean applies) {}

    /** By the declaration, else by the files of the model. */
    @SuppressWarnings("ReferenceEquality") // comparing all files of two models would take as long as to decide again
    boolean applies(ResolvedModel model) {
        Optional<Answer> known = last;
        if (known.isPresent() && known.get().model() == model) {
            return known.get().applies();
        }
        Answer answer = new Answer(model, decide(model));
        last = Optional.of(answer);
        return answer.applies();
    }

    private static boolean decide(ResolvedModel model) {
        return model.request()
                .links()
                .map(links -> !links)
                .orElseGet(() -> model.files().stream()
                        .anyMatch(file -> EXTERNAL_DATA.matcher(file.path()).find()));
    }
}
