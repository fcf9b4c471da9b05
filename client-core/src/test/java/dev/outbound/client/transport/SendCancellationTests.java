package dev.outbound.client.transport;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.TotalTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One call, and two sends of its request.
 */
class SendCancellationTests {

    private final Cancellation call = new Cancellation(1000);

    private final Cancellation second = this.call.another();

    @Test
    void hasTheDeadlineOfTheCallAlsoWhenThatIsMoved() {
        assertThat(this.second.deadline()).isEqualTo(1000);
        this.call.deadline(5000);
        assertThat(this.second.deadline()).isEqualTo(5000);
        this.second.check(4999);
        assertThat(this.second.cause()).isNull();
        this.second.check(5000);
        assertThat(this.second.failure(Phase.BODY, null)).isInstanceOf(TotalTimeoutException.class);
        assertThat(this.call.cause()).as("is looked at by itself").isNull();
    }

    @Test
    void eachIsEndedByItself() {
        AtomicInteger ended = new AtomicInteger();
        this.call.onCancel(() -> ended.addAndGet(1));
        this.second.onCancel(() -> ended.addAndGet(10));
        assertThat(this.second.cancel(Cancellation.Cause.SUPERSEDED)).isTrue();
        assertThat(ended).hasValue(10);
        assertThat(this.call.cause()).isNull();
        assertThat(this.second.failure(Phase.HEAD, null)).isInstanceOf(CancelledException.class)
            .hasMessageContaining("another send of the request was answered first");
    }

    @Test
    void thatAnotherSendWasFasterIsForgottenWithTheAttempt() {
        this.call.cancel(Cancellation.Cause.SUPERSEDED);
        this.call.nextAttempt();
        assertThat(this.call.cause()).isNull();
        assertThat(this.call.cancel(Cancellation.Cause.CLOSED)).isTrue();
        this.call.nextAttempt();
        assertThat(this.call.cause()).isEqualTo(Cancellation.Cause.CLOSED);
    }

}
