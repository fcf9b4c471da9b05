package dev.outbound.client;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.RequestReplySenderContext;
import org.jspecify.annotations.Nullable;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;

/**
 * What an observation knows of a call, or of a further request of one. Key values may be
 * added and removed by any thread.
 *
 * @since 0.1
 */
public final class ClientObservationContext extends RequestReplySenderContext<Request, ResponseHead> {

    private final Request request;

    private final @Nullable String clientName;

    private final SendReason reason;

    private FieldLines propagated = FieldLines.empty();

    private final KeyValueHolder low = new KeyValueHolder();

    private final KeyValueHolder high = new KeyValueHolder();

    /** Asked for at the start and at the end. */
    private @Nullable KeyValues redactedUrl;

    ClientObservationContext(Request request, @Nullable String clientName, SendReason reason) {
        super((carrier, name, value) -> {
        });
        this.request = request;
        this.clientName = clientName;
        this.reason = reason;
        setCarrier(request);
    }

    public Request request() {
        return this.request;
    }

    /**
     * Return the logical name of the client.
     * @return the name, or {@code null} for a client without one
     */
    public @Nullable String clientName() {
        return this.clientName;
    }

    /**
     * Return what is observed: the call, or a further request of it.
     * @return {@link SendReason#CALL} for the call, of which the first request is no
     * observation of its own; otherwise why the request is sent
     */
    public SendReason reason() {
        return this.reason;
    }

    @Override
    public io.micrometer.observation.transport.Propagator.Setter<Request> getSetter() {
        // The request is immutable: what carries the trace on is collected beside it.
        return (carrier, name, value) -> this.propagated = this.propagated.with(name, value);
    }

    FieldLines propagated() {
        return this.propagated;
    }

    KeyValues redactedUrl() {
        KeyValues redactedUrl = this.redactedUrl;
        if (redactedUrl == null) {
            redactedUrl = KeyValues.of(new RedactedUrl(this.request.url()));
            this.redactedUrl = redactedUrl;
        }
        return redactedUrl;
    }

    @Override
    public Observation.Context addLowCardinalityKeyValue(KeyValue keyValue) {
        this.low.add(keyValue);
        return this;
    }

    @Override
    public Observation.Context addLowCardinalityKeyValues(KeyValues keyValues) {
        this.low.add(keyValues);
        return this;
    }

    @Override
    public Observation.Context removeLowCardinalityKeyValue(String keyName) {
        this.low.remove(keyName);
        return this;
    }

    @Override
    public KeyValues getLowCardinalityKeyValues() {
        return this.low.all();
    }

    @Override
    public @Nullable KeyValue getLowCardinalityKeyValue(String key) {
        return this.low.get(key);
    }

    @Override
    public Observation.Context addHighCardinalityKeyValue(KeyValue keyValue) {
        this.high.add(keyValue);
        return this;
    }

    @Override
    public Observation.Context addHighCardinalityKeyValues(KeyValues keyValues) {
        this.high.add(keyValues);
        return this;
    }

    @Override
    public Observation.Context removeHighCardinalityKeyValue(String keyName) {
        this.high.remove(keyName);
        return this;
    }

    @Override
    public KeyValues getHighCardinalityKeyValues() {
        return this.high.all();
    }

    @Override
    public @Nullable KeyValue getHighCardinalityKeyValue(String key) {
        return this.high.get(key);
    }

}
