package dev.outbound.client;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Its key values are kept in another way than Micrometer's context does, and are the
 * same.
 */
class ClientObservationContextTests {

    private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");

    private final ClientObservationContext context = new ClientObservationContext(
            Request.of(HttpMethod.GET, Url.parse("http://user:secret@shop.test/?token=secret")), "shop",
            SendReason.CALL);

    @ParameterizedTest
    @ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
    void whateverIsAddedAndRemoved(long seed) {
        Observation.Context theirs = new Observation.Context();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            long step = random.nextLong();
            change(this.context, new Random(step));
            change(theirs, new Random(step));
            assertThat(this.context.getLowCardinalityKeyValues()).isEqualTo(theirs.getLowCardinalityKeyValues());
            assertThat(this.context.getHighCardinalityKeyValues()).isEqualTo(theirs.getHighCardinalityKeyValues());
            assertThat(this.context.getAllKeyValues()).isEqualTo(theirs.getAllKeyValues());
            for (String key : KEYS) {
                assertThat(this.context.getLowCardinalityKeyValue(key))
                    .isEqualTo(theirs.getLowCardinalityKeyValue(key));
                assertThat(this.context.getHighCardinalityKeyValue(key))
                    .isEqualTo(theirs.getHighCardinalityKeyValue(key));
            }
        }
    }

    private static void change(Observation.Context context, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> context.addLowCardinalityKeyValue(keyValue(random));
            case 1 -> context.addHighCardinalityKeyValue(keyValue(random));
            case 2 -> context.addLowCardinalityKeyValues(keyValues(random));
            case 3 -> context.addHighCardinalityKeyValues(keyValues(random));
            case 4 -> context.removeLowCardinalityKeyValue(key(random));
            case 5 -> context.removeHighCardinalityKeyValue(key(random));
            case 6 -> context.removeLowCardinalityKeyValues(key(random), key(random));
            default -> context.removeHighCardinalityKeyValues(key(random), key(random));
        }
    }

    private static String key(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private static KeyValue keyValue(Random random) {
        return KeyValue.of(key(random), Integer.toString(random.nextInt(3)));
    }

    private static KeyValues keyValues(Random random) {
        return KeyValues.of(keyValue(random), keyValue(random), keyValue(random));
    }

    /** A new way of Micrometer's to add or to ask would go past what is kept here. */
    @Test
    void everyWayToThemIsOurs() {
        Predicate<Method> byOthers = (method) -> method.getParameterTypes().length == 1
                && method.getParameterTypes()[0] == String[].class;
        assertThat(Arrays.stream(Observation.Context.class.getDeclaredMethods())
            .filter((method) -> method.getName().contains("CardinalityKeyValue") && !method.isSynthetic())
            .filter(byOthers.negate())
            .map((method) -> method.getName() + Arrays.toString(method.getParameterTypes())))
            .allSatisfy((method) -> assertThat(Arrays.stream(ClientObservationContext.class.getDeclaredMethods())
                .map((own) -> own.getName() + Arrays.toString(own.getParameterTypes()))).contains(method));
    }

    @Test
    void theUrlIsRedacted() {
        this.context.addHighCardinalityKeyValues(this.context.redactedUrl());
        KeyValue url = this.context.getHighCardinalityKeyValue("http.url");
        assertThat(url).hasToString("keyValue(http.url=http://shop.test/)")
            .isEqualTo(KeyValue.of("http.url", url.getValue()))
            .hasSameHashCodeAs(KeyValue.of("http.url", url.getValue()))
            .isNotEqualTo(KeyValue.of("http.url", "http://other.test/"));
    }

}
