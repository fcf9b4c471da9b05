package dev.outbound.client.spring;

import io.micrometer.common.KeyValue;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientRequestObservationContext;
import org.springframework.web.reactive.function.client.DefaultClientRequestObservationConvention;

import dev.outbound.client.ClientSettings;

/**
 * Names what {@code WebClient} observes as the client's own observations are named.
 */
final class ReactiveClientRequestConvention extends DefaultClientRequestObservationConvention {

    private final ObservedTags tags;

    ReactiveClientRequestConvention(ClientSettings settings) {
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
    protected KeyValue httpUrl(ClientRequestObservationContext context) {
        ClientRequest request = context.getRequest();
        return (request != null) ? ObservedTags.url(request.url().toString()) : super.httpUrl(context);
    }

}
