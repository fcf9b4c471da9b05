package dev.outbound.client;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.outbound.client.Race.Outcome;
import dev.outbound.client.Race.Verdict;
import dev.outbound.client.http.CancelledException;
import dev.outbound.client.http.ConnectionLostException;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.TotalTimeoutException;
import dev.outbound.client.retry.HedgePolicy;
import dev.outbound.client.transport.TransportResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scripts of what happens to two sends, and what follows.
 */
class RaceTests {

    private static final boolean HEDGE = true;

    private static final boolean FIRST = false;

    private final Race<TransportResponse> race = new Race<>(HedgePolicy.defaults());

    private static Outcome<TransportResponse> answer(boolean hedge, int status) {
        return new Outcome<>(hedge, TransportResponse.of(status, FieldLines.empty(), new byte[0]), null);
    }

    private static Outcome<TransportResponse> failure(boolean hedge, Throwable failure) {
        return new Outcome<>(hedge, null, failure);
    }

    private static RequestException lost() {
        return new ConnectionLostException(Phase.HEAD, "lost", null);
    }

    private void joined() {
        assertThat(this.race.join(() -> true)).isTrue();
    }

    private void kept(Outcome<TransportResponse> outcome) {
        assertThat(this.race.ended(outcome)).isEqualTo(new Verdict<>(false, false, null));
        assertThat(this.race.winner()).isNull();
    }

    private void decides(Outcome<TransportResponse> outcome, boolean breaksOff, @Nullable TransportResponse unneeded) {
        decides(outcome, outcome, breaksOff, unneeded);
    }

    private void decides(Outcome<TransportResponse> outcome, Outcome<TransportResponse> winner, boolean breaksOff,
            @Nullable TransportResponse unneeded) {
        Verdict<TransportResponse> verdict = this.race.ended(outcome);
        assertThat(verdict.decided()).isTrue();
        assertThat(verdict.breaksOff()).isEqualTo(breaksOff);
        assertThat(verdict.unneeded()).isSameAs(unneeded);
        assertThat(this.race.winner()).isSameAs(winner);
    }

    @Test
    void whoIsAloneDecidesWhateverCameOfIt() {
        decides(answer(FIRST, 503), false, null);
        assertThat(this.race.join(() -> {
            throw new AssertionError("there is nothing to permit");
        })).isFalse();
    }

    @Test
    void aFailureBeforeTheHedgeIsDueIsNotHedged() {
        decides(failure(FIRST, lost()), false, null);
        assertThat(this.race.join(() -> true)).isFalse();
        assertThat(this.race.isHedged()).isFalse();
    }

    @Test
    void whatIsNotPermittedDoesNotGoOut() {
        assertThat(this.race.join(() -> false)).isFalse();
        decides(answer(FIRST, 200), false, null);
    }

    @Test
    void theFirstGoodAnswerWinsAndTheOtherIsLate() {
        joined();
        decides(answer(HEDGE, 200), true, null);
        Outcome<TransportResponse> late = answer(FIRST, 200);
        assertThat(this.race.ended(late)).isEqualTo(new Verdict<>(false, false, late.response()));
        assertThat(this.race.winner().hedge()).isTrue();
    }

    @Test
    void theFirstSendMayAnswerAfterAll() {
        joined();
        decides(answer(FIRST, 404), true, null);
    }

    @Test
    void aFailureWaitsForTheOther() {
        joined();
        kept(failure(FIRST, lost()));
        decides(answer(HEDGE, 200), false, null);
    }

    @Test
    void aBadAnswerIsKeptUntilThereIsABetterOne() {
        joined();
        Outcome<TransportResponse> busy = answer(HEDGE, 503);
        kept(busy);
        decides(answer(FIRST, 200), false, busy.response());
    }

    @Test
    void ofTwoBadAnswersThatToTheFirstIsGiven() {
        joined();
        Outcome<TransportResponse> second = answer(HEDGE, 503);
        kept(second);
        decides(answer(FIRST, 500), false, second.response());
    }

    @Test
    void ofTwoBadAnswersThatToTheFirstIsGivenInTheOtherOrder() {
        joined();
        Outcome<TransportResponse> first = answer(FIRST, 500);
        kept(first);
        Outcome<TransportResponse> second = answer(HEDGE, 503);
        decides(second, first, false, second.response());
    }

    @Test
    void aBadAnswerIsBetterThanNone() {
        joined();
        kept(failure(FIRST, lost()));
        decides(answer(HEDGE, 503), false, null);
    }

    @Test
    void aBadAnswerIsBetterThanAFailureThatFollows() {
        joined();
        Outcome<TransportResponse> busy = answer(HEDGE, 503);
        kept(busy);
        decides(failure(FIRST, lost()), busy, false, null);
    }

    @Test
    void ofTwoFailuresTheFirstOnesIsTold() {
        joined();
        kept(failure(HEDGE, lost()));
        Outcome<TransportResponse> first = failure(FIRST, lost());
        decides(first, false, null);
    }

    @Test
    void theEndOfTheCallAndABugEndBoth() {
        for (Throwable failure : new Throwable[] { new CancelledException(Phase.HEAD, "interrupted", null),
                new TotalTimeoutException(Phase.HEAD, "over", null), new IllegalStateException("bug") }) {
            for (boolean hedge : new boolean[] { FIRST, HEDGE }) {
                Race<TransportResponse> race = new Race<>(HedgePolicy.defaults());
                assertThat(race.join(() -> true)).isTrue();
                Verdict<TransportResponse> verdict = race.ended(failure(hedge, failure));
                assertThat(verdict).as("%s", failure).isEqualTo(new Verdict<>(true, true, null));
            }
        }
    }

    @Test
    void whatWasKeptIsGivenBackWhenNobodyWaitsAnyLonger() {
        joined();
        Outcome<TransportResponse> busy = answer(FIRST, 503);
        kept(busy);
        CancelledException reason = new CancelledException(Phase.HEAD, "interrupted", null);
        assertThat(this.race.abandon(reason)).isEqualTo(new Verdict<>(true, true, busy.response()));
        assertThat(this.race.winner().failure()).isSameAs(reason);
        Outcome<TransportResponse> late = answer(HEDGE, 200);
        assertThat(this.race.ended(late).unneeded()).isSameAs(late.response());
    }

    @Test
    void whoHasWonIsNotAbandoned() {
        joined();
        Outcome<TransportResponse> second = answer(HEDGE, 200);
        decides(second, true, null);
        assertThat(this.race.abandon(lost())).isEqualTo(new Verdict<>(false, false, null));
        assertThat(this.race.winner()).isSameAs(second);
    }

    @Test
    void nothingIsSentForACallThatIsGivenUp() {
        this.race.abandon(lost());
        assertThat(this.race.join(() -> true)).isFalse();
    }

}
