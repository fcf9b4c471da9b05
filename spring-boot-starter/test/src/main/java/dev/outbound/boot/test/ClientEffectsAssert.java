package dev.outbound.boot.test;

import java.util.ArrayList;
import java.util.List;

import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;

import dev.outbound.client.guard.CircuitBreaker;

/**
 * Assertions about what the calls of a client leave behind in the application.
 *
 * @since 0.1
 */
public final class ClientEffectsAssert extends AbstractAssert<ClientEffectsAssert, ClientEffects> {

    ClientEffectsAssert(ClientEffects actual) {
        super(actual, ClientEffectsAssert.class);
    }

    /**
     * Verify how many calls {@code http.client.requests} has counted. All attempts of a
     * call are one.
     * @param calls how many
     * @param tags keys and values that the calls must have, for example {@code status}
     * and {@code 200}
     * @return this
     */
    public ClientEffectsAssert isMeasured(int calls, String... tags) {
        isNotNull();
        long measured = this.actual.measured(tags);
        if (measured != calls) {
            throw failure("Expected %s to be measured %d times with %s, but it was %d times. Measured:%s", this.actual,
                    calls, List.of(tags), measured, lines(this.actual.measurements()));
        }
        return this;
    }

    /**
     * Verify the status of the client's entry in the health of the application.
     * @param status its code, for example {@code UP} or {@code DEGRADED}
     * @return this
     */
    public ClientEffectsAssert hasHealth(String status) {
        isNotNull();
        Health health = this.actual.health();
        String code = (health != null) ? health.getStatus().getCode() : "no entry";
        if (!code.equals(status)) {
            throw failure("Expected the health of %s to be %s, but it was %s%s", this.actual, status, code,
                    (health != null) ? ": " + health.getDetails() : "");
        }
        return this;
    }

    /**
     * Verify the state of the client's circuit breaker, as the calls of this test left
     * it.
     * @param state its state
     * @return this
     */
    public ClientEffectsAssert hasCircuit(CircuitBreaker.State state) {
        isNotNull();
        CircuitBreaker.State circuit = this.actual.circuit();
        if (state != circuit) {
            throw failure("Expected the circuit of %s to be %s, but %s", this.actual, state,
                    (circuit != null) ? "it was " + circuit
                            : "the client has no circuit breaker. Give it one: circuit-breaker in its configuration");
        }
        return this;
    }

    /**
     * Verify that the test has logged a text.
     * @param text the text
     * @return this
     */
    public ClientEffectsAssert logs(String text) {
        isNotNull();
        if (this.actual.log().stream().noneMatch((line) -> line.contains(text))) {
            throw failure("Expected %s to log \"%s\", but the log was:%s", this.actual, text, lines(this.actual.log()));
        }
        return this;
    }

    /**
     * Verify that a secret appears nowhere: not in the log of the test, whatever wrote
     * it, not in a tag of a metric, and not in the health of the client.
     * @param secrets the secrets
     * @return this
     */
    public ClientEffectsAssert doesNotShow(String... secrets) {
        isNotNull();
        for (String secret : secrets) {
            List<String> places = new ArrayList<>();
            addIf(places, "log", this.actual.log().toString(), secret);
            addIf(places, "tags of metrics", this.actual.measurements().toString(), secret);
            addIf(places, "health", health(this.actual.health()), secret);
            if (!places.isEmpty()) {
                throw failure("Expected %s to show a secret of %d characters nowhere, but it is in: %s", this.actual,
                        secret.length(), String.join(", ", places));
            }
        }
        return this;
    }

    private static void addIf(List<String> places, String place, String text, String secret) {
        if (text.contains(secret)) {
            places.add(place);
        }
    }

    private static String health(@Nullable Health health) {
        return (health != null) ? health.getDetails().toString() : "";
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? " nothing"
                : System.lineSeparator() + "  " + String.join(System.lineSeparator() + "  ", lines);
    }

}
