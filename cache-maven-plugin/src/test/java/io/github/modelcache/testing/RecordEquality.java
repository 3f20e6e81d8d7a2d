package io.github.modelcache.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Checks records that say by hand when they are equal, so that no component is forgotten. */
public final class RecordEquality {

    private RecordEquality() {}

    /**
     * Requires that all components count.
     *
     * @param same another record of the same values
     * @param others for each component, in order, a record that differs in nothing else
     */
    public static <R extends Record> void require(R one, R same, List<R> others) {
        assertThat(same).isNotSameAs(one).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(others).hasSize(one.getClass().getRecordComponents().length);
        for (R other : others) {
            assertThat(other).isNotEqualTo(one);
            assertThat(one).isNotEqualTo(other);
        }
        assertThat(others).doesNotHaveDuplicates();
        assertThat(one.equals(new Object())).isFalse();
    }
}
