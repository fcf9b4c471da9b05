package dev.outbound.boot;

import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

/** S88: an application's mapper that lets responses choose classes. */
class JsonRulesTests {

    private static final PolymorphicTypeValidator ALL = BasicPolymorphicTypeValidator.builder()
        .allowIfBaseType(Object.class)
        .build();

    private static final PolymorphicTypeValidator OWN = BasicPolymorphicTypeValidator.builder()
        .allowIfSubType("com.example.shop.")
        .build();

    private void assertTold(Supplier<JsonMapper> mapper, boolean told) {
        try (LogLines lines = LogLines.of(Problems.class)) {
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
                .withBean(JsonMapper.class, mapper)
                .withPropertyValues("outbound.clients.shop.base-url=https://shop.example.com")
                .run((context) -> assertThat(context).hasNotFailed());
            if (told) {
                assertThat(lines.all()).singleElement(STRING).contains("default typing for all classes");
            }
            else {
                assertThat(lines.all()).isEmpty();
            }
        }
    }

    @Test
    void defaultTypingForAllClassesIsWarnedOf() {
        assertTold(() -> JsonMapper.builder().activateDefaultTyping(ALL).build(), true);
        assertTold(() -> JsonMapper.builder()
            .activateDefaultTypingAsProperty(ALL, DefaultTyping.JAVA_LANG_OBJECT, "@class")
            .build(), true);
    }

    @Test
    void defaultTypingForOwnClassesIsFine() {
        assertTold(() -> JsonMapper.builder().activateDefaultTyping(OWN).build(), false);
    }

    @Test
    void noDefaultTypingIsFine() {
        assertTold(JsonMapper::new, false);
    }

}
