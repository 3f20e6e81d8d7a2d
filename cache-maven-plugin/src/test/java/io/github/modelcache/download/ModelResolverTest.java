package io.github.modelcache.download;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.modelcache.family.ModelContent;
import io.github.modelcache.family.ModelException;
import io.github.modelcache.family.Source;
import io.github.modelcache.family.Sources;
import io.github.modelcache.model.Lock;
import io.github.modelcache.model.ModelDeclaration;
import io.github.modelcache.model.ModelReference;
import io.github.modelcache.model.ResolvedModel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ModelResolverTest {

    /** Resolves nothing before both models are asked for. */
    private static final class Together implements Source {
        private final CyclicBarrier both = new CyclicBarrier(2);

        @Override
        public ResolvedModel resolve(ModelDeclaration declaration) throws ModelException {
            try {
                both.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new ModelException("alone", e);
            }
            throw new ModelException("together: " + declaration.reference());
        }

        @Override
        public ModelContent open(ResolvedModel model) {
            throw new IllegalStateException("nothing is fetched");
        }
    }

    @Test
    void resolvesSideBySideAndTellsEachOutcomeToItsOwnModel() {
        ModelDeclaration one = ModelDeclaration.of(ModelReference.parse("url:https://example.org/one"));
        ModelDeclaration two = ModelDeclaration.of(ModelReference.parse("url:https://example.org/two"));
        DownloadOptions options = new DownloadOptions(2, false, Set.of(), false, "mvn cache:download");
        ModelResolver resolver = new ModelResolver(new Sources(Map.of("url", new Together())), Lock.EMPTY, options);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            resolver.begin(List.of(one, two), threads);
            assertThatThrownBy(() -> resolver.resolve(one)).hasMessage("together: " + one.reference());
            assertThatThrownBy(() -> resolver.resolve(two)).hasMessage("together: " + two.reference());
        } finally {
            threads.shutdownNow();
        }
    }
}
