package dev.outbound.benchmarks;

import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler.IgnoredMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

/**
 * What listens to complete clients: a timer for each kind of call and, as in Spring Boot
 * unless it is told otherwise, a long task timer for those that run.
 */
final class Observations {

    private Observations() {
    }

    static ObservationRegistry asInBoot() {
        return with(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
    }

    /**
     * As with {@code management.metrics.observations.ignored-meters=long-task-timer}.
     */
    static ObservationRegistry withTimerAlone() {
        return with(new DefaultMeterObservationHandler(new SimpleMeterRegistry(), IgnoredMeters.LONG_TASK_TIMER));
    }

    private static ObservationRegistry with(ObservationHandler<Observation.Context> handler) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(handler);
        return observations;
    }

}
