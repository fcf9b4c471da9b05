package dev.outbound.client;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Phase;
import dev.outbound.client.http.RedirectRejectedException;
import dev.outbound.client.http.RemoteProtocolException;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.ResponseHead;
import dev.outbound.client.http.Url;

/**
 * Makes the request that follows a redirect (RFC 9110, section 15.4). Methods change as
 * in browsers and HTTPX.
 */
final class Redirects {

    private final RedirectPolicy policy;

    Redirects(RedirectPolicy policy) {
        this.policy = policy;
    }

    int max() {
        return this.policy.max();
    }

    /** Whether the response is a redirect that this policy looks at. */
    boolean applies(ResponseHead response) {
        return this.policy.mode() != RedirectMode.NONE && leadsOn(response);
    }

    /** Whether the response is a redirect with a target. */
    static boolean leadsOn(ResponseHead response) {
        return switch (response.statusCode()) {
            case 301, 302, 303, 307, 308 -> response.first("Location") != null;
            default -> false;
        };
    }

    /**
     * Return the next request.
     * @param request the request that was redirected
     * @param response the redirect
     * @throws RedirectRejectedException if the policy forbids its target
     * @throws RemoteProtocolException if its target is not a URL
     */
    Request follow(Request request, ResponseHead response) {
        Url target = target(request, response);
        HttpMethod method = method(request.method(), response.statusCode());
        // A Cookie field is made anew for each URL, also in the place of one written by
        // hand (HTTPX).
        Request next = request.withUrl(target).withMethod(method).withoutHeader("Cookie");
        if (method != request.method()) {
            next = next.withBody(null).withFields(next.fields().without(Redirects::isOfBody));
        }
        return target.hasSameOrigin(request.url()) ? next : acrossOrigins(request, next);
    }

    private static boolean isOfBody(String name) {
        return name.regionMatches(true, 0, "Content-", 0, 8) || name.equalsIgnoreCase("Transfer-Encoding");
    }

    private Request acrossOrigins(Request request, Request next) {
        Url target = next.url();
        if (this.policy.mode() == RedirectMode.SAME_ORIGIN) {
            throw rejected(request, target, "this client follows redirects on the same origin only", "follow");
        }
        if (this.policy.isTrusting()) {
            return isUpgrade(request.url(), target) ? next.withoutHeader("Host") : withoutCredentials(next);
        }
        if (request.url().scheme().equals("https") && target.scheme().equals("http")) {
            throw rejected(request, target, "it leaves https for http", null);
        }
        if (next.body() != null) {
            throw rejected(request, target, "the body would be sent to another origin", null);
        }
        return withoutCredentials(next);
    }

    private Request withoutCredentials(Request next) {
        return next.withFields(
                next.fields().without((name) -> this.policy.isCredential(name) || name.equalsIgnoreCase("Host")));
    }

    /** From port 80 to port 443 of the same host. */
    private static boolean isUpgrade(Url from, Url to) {
        return from.host().equals(to.host()) && from.scheme().equals("http") && from.port() == 80
                && to.scheme().equals("https") && to.port() == 443;
    }

    /** Whether a flow's credentials, too, stay behind. */
    boolean dropsCredentials(Url from, Url to) {
        return !from.hasSameOrigin(to) && !(this.policy.isTrusting() && isUpgrade(from, to));
    }

    private static RedirectRejectedException rejected(Request request, Url target, String why,
            @org.jspecify.annotations.Nullable String mode) {
        return new RedirectRejectedException("the redirect from " + request.url().origin() + " to " + target.origin()
                + " is not followed: " + why + ((mode != null) ? "; allow it with redirects.mode: " + mode : ""), null);
    }

    private static Url target(Request request, ResponseHead response) {
        String location = response.first("Location");
        try {
            Url target = request.url().resolve(Url.parse((location != null) ? unicode(location) : ""));
            if (!target.isAbsolute() || !Merging.isHttp(target)) {
                throw new InvalidUrlException("its scheme is '" + target.scheme() + "'");
            }
            return target.withoutUserInfo();
        }
        catch (InvalidUrlException ex) {
            throw new RemoteProtocolException(Phase.HEAD, "the server redirects to an invalid URL: " + ex.getMessage(),
                    ex);
        }
    }

    /** Field lines are bytes: those of other alphabets are UTF-8, as HTTPX takes them. */
    private static String unicode(String line) {
        if (line.chars().allMatch((c) -> c < 0x80)) {
            return line;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder()
                .decode(StandardCharsets.ISO_8859_1.newEncoder().encode(CharBuffer.wrap(line)))
                .toString();
        }
        catch (CharacterCodingException ex) {
            return line;
        }
    }

    private static HttpMethod method(HttpMethod method, int status) {
        boolean get = switch (status) {
            case 302, 303 -> method != HttpMethod.HEAD;
            case 301 -> method == HttpMethod.POST;
            default -> false;
        };
        return get ? HttpMethod.GET : method;
    }

}
