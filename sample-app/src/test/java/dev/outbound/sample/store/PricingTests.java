package dev.outbound.sample.store;

import java.math.BigDecimal;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import dev.outbound.boot.test.ClientTest;
import dev.outbound.boot.test.MockUpstream;
import dev.outbound.client.http.ReadTimeoutException;
import dev.outbound.mock.MockRouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ClientTest(Pricing.class)
class PricingTests {

    private static final String PRICE = """
            {"amount": 34.50, "currency": "EUR"}""";

    @MockUpstream
    private MockRouter pricing;

    @Autowired
    private Pricing service;

    @Test
    void asksWithTokenAndCurrency() {
        this.pricing.get("/prices/teapot").param("currency", "EUR").reply((r) -> r.json(PRICE));
        assertThat(this.service.price("teapot").block()).isEqualTo(new Price(new BigDecimal("34.50"), "EUR"));
        assertThat(this.pricing).call(0)
            .hasHeader("Authorization", "Bearer test-token")
            .header("Authorization")
            .isRedactedInLogs();
    }

    @Test
    void slowAnswerIsGivenUpAndAskedForAgain() {
        this.pricing.get("/prices/teapot")
            .reply((r) -> r.delayHead(Duration.ofSeconds(2)))
            .then((r) -> r.json(PRICE).delayHead(Duration.ofMillis(700)));
        assertThat(this.service.price("teapot").block()).isNotNull();
        assertThat(this.pricing).attempts(2);
    }

    @Test
    void upstreamThatStaysSlowFailsByItsOwnLimit() {
        this.pricing.get("/prices/teapot").reply((r) -> r.delayHead(Duration.ofSeconds(2)));
        assertThatExceptionOfType(ReadTimeoutException.class).isThrownBy(() -> this.service.price("teapot").block())
            .satisfies((ex) -> assertThat(ex.context().elapsed()).isBetween(Duration.ofMillis(2250),
                    Duration.ofSeconds(3)));
        assertThat(this.pricing).attempts(3);
    }

}
