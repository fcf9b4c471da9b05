package dev.outbound.client;

import java.util.Locale;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;

/**
 * Names what is observed of a request that is not the first one of its call: the key
 * values of the call, and why it is sent.
 */
final class AttemptObservationConvention extends DefaultClientObservationConvention {

    @Override
    public String getName() {
        return "http.client.attempts";
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ClientObservationContext sending && sending.reason() != SendReason.CALL;
    }

    @Override
    public String getContextualName(ClientObservationContext context) {
        return super.getContextualName(context) + " " + reason(context);
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ClientObservationContext context) {
        return super.getLowCardinalityKeyValues(context).and(KeyValue.of("reason", reason(context)));
    }

    private static String reason(ClientObservationContext context) {
        return context.reason().name().toLowerCase(Locale.ROOT);
    }

}
