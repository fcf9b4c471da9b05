package dev.outbound.client;

import java.util.Map;
import java.util.function.Consumer;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

import dev.outbound.client.auth.Auth;
import dev.outbound.client.guard.Guard;
import dev.outbound.client.guard.Passage;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;
import dev.outbound.client.http.UrlTemplate;

/**
 * A call before a driver takes it over: what both clients make of their arguments.
 *
 * @param request the merged request
 * @param auth how it is authenticated, or {@code null}
 * @param policies what its exchange asks
 * @param observation the observation that the call is counted on by whoever began it, or
 * {@code null} where it is to have one of its own
 */
record Call(Request request, @Nullable Auth auth, Exchange.Policies policies, @Nullable Observation observation) {

    static Call of(Terms terms, HttpMethod method, String url, Object... variables) {
        Assert.notNull(method, "method must not be null");
        Assert.notNull(url, "url must not be null");
        Assert.notNull(variables, "variables must not be null");
        ClientSettings settings = terms.settings();
        boolean template = variables.length > 0;
        Url target = Merging.url(settings, template ? UrlTemplate.expand(url, variables) : url);
        boolean own = Merging.isOwn(settings.baseUrl(), target);
        Request request = Request.of(method,
                (own ? settings.query() : settings.safeQuery()).appendTo(target).withoutUserInfo(),
                own ? settings.headers() : settings.safeHeaders(), null, settings.timeouts(), template ? url : null,
                Map.of());
        return new Call(request, auth(settings, target), terms.policies(), null);
    }

    /** How a call to a URL is authenticated if it does not say so itself. */
    static @Nullable Auth auth(ClientSettings settings, Url target) {
        Auth auth = Merging.isOwn(settings.baseUrl(), target) ? settings.auth() : null;
        return (auth != null || target.userInfo() == null) ? auth : Auth.userInfo(target);
    }

    static Call of(Terms terms, HttpMethod method, String url, Consumer<RequestSpec> consumer) {
        Assert.notNull(consumer, "spec must not be null");
        RequestSpec spec = new RequestSpec(terms.settings(), terms.policies().reading().json());
        consumer.accept(spec);
        Request request = spec.build(method, url);
        return new Call(request, spec.auth(), spec.override(terms.policies()), spec.observation());
    }

    static Call of(Terms terms, Request request) {
        Assert.notNull(request, "request must not be null");
        ClientSettings settings = terms.settings();
        Merging.checkTarget(settings, request.url());
        return new Call(request.withUrl(request.url().withoutUserInfo()), auth(settings, request.url()),
                terms.policies(), null);
    }

    /** This call for another request. */
    Call with(Request request) {
        return new Call(request, this.auth, this.policies, this.observation);
    }

    Exchange exchange(boolean streamed, @Nullable CallListener listener, Guard guard) {
        return new Exchange(this.policies, this.auth, this.request, streamed, listener,
                guard.isOpen() ? null : new Passage(guard));
    }

}
