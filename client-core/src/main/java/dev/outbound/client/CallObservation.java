package dev.outbound.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;

/**
 * Observes calls as {@code http.client.requests}: one observation for each, from before
 * its first request to the end of its body.
 */
final class CallObservation {

    private static final ClientObservationConvention DEFAULT = new DefaultClientObservationConvention();

    private final ObservationRegistry registry;

    CallObservation(ObservationRegistry registry) {
        this.registry = registry;
    }

    boolean isNoop() {
        return this.registry.isNoop();
    }

    /** The observation that a reactive call runs in. */
    static @Nullable Observation parent(ContextView context) {
        return context.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
    }

    Running start(Call call, @Nullable Observation parent) {
        ClientObservationContext context = new ClientObservationContext(call.request(), call.policies().clientName());
        Observation observation = Observation.createNotStarted(null, DEFAULT, () -> context, this.registry);
        if (parent != null) {
            observation.parentObservation(parent);
        }
        return new Running(observation.start(), context);
    }

    /** The observation of one call. */
    static final class Running implements CallEnd {

        private final Observation observation;

        private final ClientObservationContext context;

        private Running(Observation observation, ClientObservationContext context) {
            this.observation = observation;
            this.context = context;
        }

        /** The request with the fields that carry the trace on. */
        Request request() {
            Request request = this.context.request();
            FieldLines propagated = this.context.propagated();
            return propagated.isEmpty() ? request : request.withFields(request.fields().merge(propagated));
        }

        Observation.Scope openScope() {
            return this.observation.openScope();
        }

        Context writeTo(Context context) {
            return context.put(ObservationThreadLocalAccessor.KEY, this.observation);
        }

        @Override
        public void closed(@Nullable ResponseHead response, @Nullable Throwable failure) {
            if (response != null) {
                this.context.setResponse(response);
            }
            if (failure != null) {
                this.observation.error(failure);
            }
            this.observation.stop();
        }

    }

}
