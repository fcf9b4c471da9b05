package dev.outbound.client.guard;

import java.time.Instant;

/**
 * A call that has failed, as it is remembered. Has no secrets.
 *
 * @param time when it ended
 * @param call its method and its URL template or, without one, its URL without query
 * @param failure what happened
 * @since 0.1
 */
public record FailedCall(Instant time, String call, String failure) {

}
