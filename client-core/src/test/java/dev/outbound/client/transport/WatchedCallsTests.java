package dev.outbound.client.transport;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls that come and go in any order. */
class WatchedCallsTests {

    private final WatchedCalls calls = new WatchedCalls();

    private List<Cancellation> now() {
        List<Cancellation> now = new ArrayList<>();
        this.calls.addTo(now);
        return now;
    }

    @Test
    void theyGoInAnyOrder() {
        Random random = new Random(7);
        for (int run = 0; run < 100; run++) {
            List<Cancellation> expected = new ArrayList<>(
                    Stream.generate(() -> new Cancellation(Cancellation.NO_DEADLINE)).limit(6).toList());
            expected.forEach(this.calls::add);
            Collections.shuffle(expected, random);
            while (!expected.isEmpty()) {
                assertThat(now()).containsExactlyInAnyOrderElementsOf(expected);
                this.calls.remove(expected.remove(0));
            }
            assertThat(this.calls.isEmpty()).isTrue();
        }
    }

    @Test
    void oneThatIsNotAmongThemChangesNothing() {
        Cancellation call = new Cancellation(Cancellation.NO_DEADLINE);
        Cancellation other = new Cancellation(Cancellation.NO_DEADLINE);
        this.calls.add(call);
        new WatchedCalls().add(other);
        this.calls.remove(other);
        this.calls.remove(new Cancellation(Cancellation.NO_DEADLINE));
        assertThat(now()).containsExactly(call);
        this.calls.remove(call);
        this.calls.remove(call);
        assertThat(now()).isEmpty();
    }

}
