package dev.outbound.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Url;

/**
 * The cookies of one call: those of its client, and its own.
 *
 * @param jar what the client remembers
 * @param own what the call adds; does not follow to another origin
 * @param base the client's base URL, whose origin cookies without a domain are for
 */
record CallCookies(CookieJar jar, Cookies own, @Nullable Url base) {

    /** Of a call without cookies. */
    static final CallCookies NONE = new CallCookies(CookieJar.none(), Cookies.empty(), null);

    CallCookies withOwn(Cookies own) {
        return own.isEmpty() ? this : new CallCookies(this.jar, own, this.base);
    }

    /**
     * Return a request as it is sent.
     * @param request the request
     * @param called the URL that the program called
     * @param now the time
     */
    Request attach(Request request, Url called, Instant now) {
        boolean sameOrigin = request.url().hasSameOrigin(called);
        return this.jar.attach(request, sameOrigin ? this.own : Cookies.empty(),
                sameOrigin && Merging.isOwn(this.base, request.url()), now);
    }

    /** Keep what a response sets. */
    void store(Url url, ResponseHead response, Instant now) {
        if (response.first("Set-Cookie") != null) {
            this.jar.store(url, response.fields(), now);
        }
    }

}
