package io.github.modelcache.inventory.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetAdviceTest {

    private static final String UNUSED = "mvn cache:clean -Dcache.scope=unused";
    private static final String METADATA = "mvn cache:clean -Dcache.scope=metadata";
    private static final String MODELS = "mvn cache:clean -Dcache.scope=models -Dcache.keepSize=10";

    @Test
    void unusedModelsAreDeletedFirst() {
        assertThat(new BudgetAdvice(14, 10, 2, Optional.of(4L), 8).commands()).containsExactly(UNUSED);
    }

    @Test
    void nothingHelpsWhereTheDeclaredModelsAloneNeedMore() {
        assertThat(new BudgetAdvice(30, 10, 8, Optional.of(4L), 11).commands()).isEmpty();
        assertThat(new BudgetAdvice(11, 10, 0, Optional.empty(), 11).commands()).isEmpty();
    }

    @Test
    void modelsThatAreNotDeclaredGoBeforeApplicationCaches() {
        assertThat(new BudgetAdvice(14, 10, 2, Optional.empty(), 8).commands()).containsExactly(MODELS);
        assertThat(new BudgetAdvice(14, 10, 2, Optional.of(1L), 8).commands()).containsExactly(MODELS);
    }

    @Test
    void applicationCachesGoWhereTheyAndTheDeclaredModelsAreTooMuch() {
        assertThat(new BudgetAdvice(14, 10, 5, Optional.of(0L), 9).commands()).containsExactly(METADATA);
        assertThat(new BudgetAdvice(20, 10, 5, Optional.empty(), 9).commands()).containsExactly(METADATA, MODELS);
    }
}
