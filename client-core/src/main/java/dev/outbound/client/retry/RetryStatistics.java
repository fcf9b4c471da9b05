package dev.outbound.client.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a call took.
 *
 * @param attempts the number of attempts, the first included; 0 when none began
 * @param waited the time waited between them
 * @param elapsed the time from the beginning to the end, waits included
 * @param reason why there was no further attempt; {@code null} where that was never
 * asked, because the call succeeded at once or was cancelled
 * @since 0.1
 */
public record RetryStatistics(int attempts, Duration waited, Duration elapsed, RetryDecision.@Nullable Reason reason) {
}
