package dev.outbound.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestException;
import dev.outbound.client.http.ResponseHead;

/**
 * Observes calls as {@code http.client.requests}: one observation for each, from before
 * its first request to the end of its body.
 */
final class CallObservation {

    private static final ClientObservationConvention DEFAULT = new DefaultClientObservationConvention();

    private static final ClientObservationConvention ATTEMPT = new AttemptObservationConvention();

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

    /**
     * Begin to observe a call: on an observation of its own, or on the one that its
     * caller has begun and will end.
     */
    Running start(Call call, @Nullable Observation parent) {
        if (call.observation() != null) {
            return new Running(call.observation(), call, null);
        }
        ClientObservationContext context = new ClientObservationContext(call.request(), call.policies().clientName(),
                SendReason.CALL);
        return new Running(start(context, parent), call, context);
    }

    private Observation start(ClientObservationContext context, @Nullable Observation parent) {
        Observation observation = Observation.createNotStarted(null,
                (context.reason() == SendReason.CALL) ? DEFAULT : ATTEMPT, () -> context, this.registry);
        if (parent != null) {
            observation.parentObservation(parent);
        }
        return observation.start();
    }

    /** The observation of one call, and of the request that is on its way. */
    final class Running implements CallListener {

        private final Observation observation;

        private final @Nullable String clientName;

        /** Of an observation of our own. */
        private final @Nullable ClientObservationContext context;

        private @Nullable Observation further;

        private @Nullable ClientObservationContext furtherContext;

        private Running(Observation observation, Call call, @Nullable ClientObservationContext context) {
            this.observation = observation;
            this.clientName = call.policies().clientName();
            this.context = context;
        }

        Observation.Scope openScope() {
            return (this.context != null) ? this.observation.openScope() : Observation.Scope.NOOP;
        }

        Context writeTo(Context context) {
            return context.put(ObservationThreadLocalAccessor.KEY, this.observation);
        }

        /**
         * The first request is the call; each further one has an observation of its own.
         */
        @Override
        public Request sending(Request request, SendReason reason) {
            ClientObservationContext context = this.context;
            if (reason != SendReason.CALL) {
                context = new ClientObservationContext(request, this.clientName, reason);
                this.furtherContext = context;
                this.further = start(context, this.observation);
            }
            FieldLines propagated = (context != null) ? context.propagated() : FieldLines.empty();
            return propagated.isEmpty() ? request : request.withFields(request.fields().merge(propagated));
        }

        @Override
        public void sent(@Nullable ResponseHead response, @Nullable RequestException failure) {
            Observation further = this.further;
            if (further != null && this.furtherContext != null) {
                this.further = null;
                if (response != null) {
                    this.furtherContext.setResponse(response);
                }
                if (failure != null) {
                    further.error(failure);
                }
                further.stop();
            }
        }

        /**
         * Begin to observe a second send of the request that is on its way, a child of
         * what observes the first. From any thread.
         */
        Hedge hedge(Request request) {
            ClientObservationContext context = new ClientObservationContext(request, this.clientName, SendReason.HEDGE);
            Observation further = this.further;
            return new Hedge(context,
                    CallObservation.this.start(context, (further != null) ? further : this.observation));
        }

        @Override
        public void closed(@Nullable ResponseHead response, @Nullable Throwable failure) {
            if (this.context == null) {
                return;
            }
            if (response != null) {
                this.context.setResponse(response);
            }
            if (failure != null) {
                this.observation.error(failure);
            }
            this.observation.stop();
        }

    }

    /** The observation of a second send of one request. */
    static final class Hedge {

        private final ClientObservationContext context;

        private final Observation observation;

        private Hedge(ClientObservationContext context, Observation observation) {
            this.context = context;
            this.observation = observation;
        }

        /** The request with what carries its own part of the trace on. */
        Request request() {
            FieldLines propagated = this.context.propagated();
            Request request = this.context.request();
            return propagated.isEmpty() ? request : request.withFields(request.fields().merge(propagated));
        }

        /** Once. */
        void ended(@Nullable ResponseHead response, @Nullable Throwable failure) {
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
