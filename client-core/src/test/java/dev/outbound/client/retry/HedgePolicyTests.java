package dev.outbound.client.retry;

import java.io.ByteArrayInputStream;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HedgePolicyTests {

    private static Request request(HttpMethod method) {
        return Request.of(method, Url.parse("http://a.test/"));
    }

    @Test
    void appliesToWhatIsIdempotentOrMarkedSo() {
        HedgePolicy policy = HedgePolicy.defaults();
        for (HttpMethod method : new HttpMethod[] { HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT,
                HttpMethod.DELETE }) {
            assertThat(policy.applies(request(method))).as("%s", method).isTrue();
        }
        assertThat(policy.applies(request(HttpMethod.POST))).isFalse();
        assertThat(policy.applies(request(HttpMethod.PATCH))).isFalse();
        assertThat(policy.applies(request(HttpMethod.POST).withHeader("Idempotency-Key", "k"))).isTrue();
    }

    @Test
    void doesNotApplyToABodyThatIsSentOnce() {
        HedgePolicy policy = HedgePolicy.defaults();
        Request put = request(HttpMethod.PUT);
        assertThat(policy.applies(put.withBody(RequestBody.text("a")))).isTrue();
        assertThat(policy.applies(put.withBody(RequestBody.stream(new ByteArrayInputStream(new byte[1]), 1))))
            .isFalse();
    }

    @Test
    void doesNotApplyToCredentialsThatAreSentOnce() {
        Request get = request(HttpMethod.GET);
        assertThat(HedgePolicy.defaults().applies(get.withHeader("Authorization", "Bearer digest "))).isTrue();
        assertThat(
                HedgePolicy.defaults().applies(get.withHeader("Authorization", "digest username=\"a\", nc=00000001")))
            .isFalse();
    }

    @Test
    void waitsForABetterAnswerThanOneOfAnUpstreamInTrouble() {
        HedgePolicy policy = HedgePolicy.defaults();
        assertThat(policy.accepts(200)).isTrue();
        assertThat(policy.accepts(304)).isTrue();
        assertThat(policy.accepts(404)).isTrue();
        assertThat(policy.accepts(429)).isFalse();
        assertThat(policy.accepts(500)).isFalse();
        assertThat(policy.accepts(503)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0, -1, 100, 101, Double.NaN })
    void aPercentileIsBetweenNothingAndEverything(double percentile) {
        assertThatIllegalArgumentException().isThrownBy(() -> HedgePolicy.afterPercentile(percentile))
            .withMessage("percentile must be more than 0 and less than 100, but is " + percentile);
    }

    @Test
    void aDelayTakesTime() {
        assertThatIllegalArgumentException().isThrownBy(() -> HedgePolicy.after(Duration.ofNanos(10)))
            .withMessage("delay must be at least 1ms, but is PT0.00000001S");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> HedgePolicy.defaults().withMinDelay(Duration.ofMillis(-1)))
            .withMessage("minDelay must not be negative, but is PT-0.001S");
        assertThatExceptionOfType(IllegalStateException.class)
            .isThrownBy(() -> HedgePolicy.after(Duration.ofSeconds(1)).withMinDelay(Duration.ofMillis(1)))
            .withMessage("A fixed delay has no lower limit; set the delay itself");
    }

    @Test
    void isEqualToOneThatSaysTheSame() {
        assertThat(HedgePolicy.afterPercentile(95)).isEqualTo(HedgePolicy.defaults())
            .hasSameHashCodeAs(HedgePolicy.defaults())
            .isNotEqualTo(HedgePolicy.afterPercentile(99))
            .hasToString("percentile=95.0, min-delay=PT0.01S");
        assertThat(HedgePolicy.after(Duration.ofMillis(20))).isEqualTo(HedgePolicy.after(Duration.ofMillis(20)))
            .isNotEqualTo(HedgePolicy.after(Duration.ofMillis(21)))
            .hasToString("delay=PT0.02S");
    }

}
