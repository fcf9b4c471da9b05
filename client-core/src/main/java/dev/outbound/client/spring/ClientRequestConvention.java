package dev.outbound.client.spring;

import io.micrometer.common.KeyValue;

import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.observation.ClientRequestObservationContext;
import org.springframework.http.client.observation.DefaultClientRequestObservationConvention;

import dev.outbound.client.ClientSettings;

/**
 * Names what {@code RestClient} observes as the client's own observations are named.
 */
final class ClientRequestConvention extends DefaultClientRequestObservationConvention {

    private final ObservedTags tags;

    ClientRequestConvention(ClientSettings settings) {
        this.tags = new ObservedTags(settings);
    }

    @Override
    protected KeyValue clientName(ClientRequestObservationContext context) {
        return this.tags.clientName();
    }

    @Override
    protected KeyValue uri(ClientRequestObservationContext context) {
        return this.tags.uri(context.getUriTemplate());
    }

    @Override
    protected KeyValue exception(ClientRequestObservationContext context) {
        return ObservedTags.exception(context.getError());
    }

    @Override
    protected KeyValue requestUri(ClientRequestObservationContext context) {
        ClientHttpRequest request = context.getCarrier();
        return (request != null) ? ObservedTags.url(request.getURI().toString()) : super.requestUri(context);
    }

}
