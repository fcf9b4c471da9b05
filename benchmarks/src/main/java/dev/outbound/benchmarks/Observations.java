package dev.outbound.benchmarks;

import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;

/**
 * What listens to complete clients: a timer for each kind of call.
 */
final class Observations {

    private Observations() {
    }

    static ObservationRegistry withTimer() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig()
            .observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
        return observations;
    }

}
