package dev.outbound.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation of a call and its key values.
 *
 * @since 0.1
 */
public interface ClientObservationConvention extends ObservationConvention<ClientObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ClientObservationContext;
    }

}
