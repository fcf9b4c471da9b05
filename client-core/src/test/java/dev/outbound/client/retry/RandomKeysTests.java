package dev.outbound.client.retry;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RandomKeysTests {

    @Test
    void areRandomUuids() {
        RandomKeys keys = new RandomKeys();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String key = keys.get();
            UUID uuid = UUID.fromString(key);
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(seen.add(key)).isTrue();
        }
        assertThat(new RandomKeys().get()).isNotIn(seen);
    }

}
