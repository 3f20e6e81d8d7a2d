package io.github.modelcache.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestNameTest {

    private static final List<String> KNOWN =
            List.of("en_core_web_sm", "en_core_web_md", "de_core_news_sm", "xx_ent_wiki_sm", "tiny");

    @ParameterizedTest
    @CsvSource({
        "en_core_web_smm, en_core_web_sm",
        "en_core_wb_sm, en_core_web_sm",
        "en_core_web_xm, en_core_web_sm",
        "en_croe_web_sm, en_core_web_sm",
        "EN_CORE_WEB_SM, en_core_web_sm",
        "en_core_news_sm, de_core_news_sm",
        "en-core-web-md, en_core_web_md",
        "tin, tiny",
        "itny, tiny"
    })
    void findsTheNearestName(String asked, String meant) {
        assertThat(NearestName.of(asked, KNOWN)).hasValue(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "resnet50", "hi_pos", "t"})
    void findsNothingIfNoNameIsNear(String asked) {
        assertThat(NearestName.of(asked, KNOWN)).isEmpty();
    }

    @Test
    void choosesTheFirstOfEquallyNearNames() {
        assertThat(NearestName.of("bas", List.of("base", "bass", "abas"))).hasValue("abas");
    }

    @Test
    void findsNothingAmongNoNames() {
        assertThat(NearestName.of("tiny", List.of())).isEmpty();
    }
}
