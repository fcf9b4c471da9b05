package dev.outbound.boot;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Circuit breaker: sends nothing for a while to an upstream that fails. Without this
 * block there is none, and an empty one gives the defaults; "circuit-breaker: none"
 * cancels an inherited one. Needs io.github.resilience4j:resilience4j-circuitbreaker.
 *
 * @since 0.1
 */
public class CircuitBreakerProperties {

    /**
     * Part of the requests looked at, in percent from 1 to 100, that opens the breaker
     * when they fail.
     */
    private int failureRate = 50;

    /**
     * From when on a request is slow, or "none", which is the default: until its body is
     * read, of a streamed one until its head is there.
     */
    private @Nullable Duration slowCall;

    /**
     * Part of the requests looked at, in percent from 1 to 100, that opens the breaker
     * when they are slow.
     */
    private int slowCallRate = 100;

    /**
     * How many of the last requests are looked at.
     */
    private int window = 100;

    /**
     * The requests of which time are looked at instead, in whole seconds, or "none",
     * which is the default.
     */
    private @Nullable Duration windowTime;

    /**
     * How many requests there must be before the rates count; no more than the window.
     */
    private int minimumCalls = 20;

    /**
     * How long an open breaker lets nothing through.
     */
    private Duration openTime = Duration.ofSeconds(30);

    /**
     * How many requests are let through after that, to see whether the upstream is back.
     */
    private int trialCalls = 5;

    /**
     * Statuses that count as a failure, as a lost connection and a timeout do: codes from
     * 400 to 599, "5xx", or "gateway" for 502, 503 and 504.
     */
    private List<String> statuses = List.of("5xx");

    public int getFailureRate() {
        return this.failureRate;
    }

    public void setFailureRate(int failureRate) {
        this.failureRate = failureRate;
    }

    public @Nullable Duration getSlowCall() {
        return this.slowCall;
    }

    public void setSlowCall(@Nullable Duration slowCall) {
        this.slowCall = slowCall;
    }

    public int getSlowCallRate() {
        return this.slowCallRate;
    }

    public void setSlowCallRate(int slowCallRate) {
        this.slowCallRate = slowCallRate;
    }

    public int getWindow() {
        return this.window;
    }

    public void setWindow(int window) {
        this.window = window;
    }

    public @Nullable Duration getWindowTime() {
        return this.windowTime;
    }

    public void setWindowTime(@Nullable Duration windowTime) {
        this.windowTime = windowTime;
    }

    public int getMinimumCalls() {
        return this.minimumCalls;
    }

    public void setMinimumCalls(int minimumCalls) {
        this.minimumCalls = minimumCalls;
    }

    public Duration getOpenTime() {
        return this.openTime;
    }

    public void setOpenTime(Duration openTime) {
        this.openTime = openTime;
    }

    public int getTrialCalls() {
        return this.trialCalls;
    }

    public void setTrialCalls(int trialCalls) {
        this.trialCalls = trialCalls;
    }

    public List<String> getStatuses() {
        return this.statuses;
    }

    public void setStatuses(List<String> statuses) {
        this.statuses = statuses;
    }

}
