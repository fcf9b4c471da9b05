package dev.outbound.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a call and its key values. Those of the further requests of a
 * call ({@code http.client.attempts}) keep their names.
 *
 * @since 0.1
 */
public interface ClientObservationConvention extends ObservationConvention<ClientObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ClientObservationContext call && call.reason() == SendReason.CALL;
    }

}
