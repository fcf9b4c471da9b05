package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;

/**
 * Makes patterns of what is given of a URL.
 */
final class UrlShorthand {

    private UrlShorthand() {
    }

    /**
     * Return the pattern of the parts that are given.
     * @param exactQuery whether there may be no other parameters than those given
     */
    static RequestPattern parse(String text, boolean exactQuery) {
        if (text.isEmpty() || text.equals("all")) {
            return RequestPattern.anything();
        }
        Url url = url(text);
        List<RequestPattern> parts = new ArrayList<>();
        if (!url.scheme().isEmpty() && !url.scheme().equals("all")) {
            parts.add(RequestPattern.scheme(Lookup.equalTo(url.scheme())));
        }
        if (!url.host().isEmpty() && !url.host().equals("*")) {
            parts.add(RequestPattern.host(host(url.host())));
        }
        if (url.explicitPort() >= 0) {
            parts.add(RequestPattern.port(url.explicitPort()));
        }
        if (!url.path().isEmpty()) {
            parts.add(RequestPattern.path(url.decodedPath()));
        }
        if (url.query() != null && !url.query().isEmpty()) {
            parts.add(MultiPattern.params(url.params(), exactQuery));
        }
        return RequestPattern.allOf(parts);
    }

    private static Url url(String text) {
        boolean hasOrigin = text.startsWith("/") || text.contains("://");
        Url url;
        try {
            url = Url.parse((hasOrigin || text.startsWith("?")) ? text : "/" + text);
        }
        catch (InvalidUrlException ex) {
            throw new IllegalArgumentException("'" + text + "' is not a pattern of URLs: " + ex.getMessage()
                    + ". Write https://host/path, //host/path or /path", ex);
        }
        if (!hasOrigin && text.matches("[^/?]+:\\d+([/?].*)?")) {
            throw new IllegalArgumentException("'" + text + "' is not a pattern of URLs: it is read as a path. "
                    + "Write http://" + text + ", or //" + text + " for any scheme");
        }
        return url;
    }

    private static Lookup host(String host) {
        if (host.startsWith("*.")) {
            return Lookup.matching("^.+\\." + Pattern.quote(host.substring(2)) + "$");
        }
        if (host.startsWith("*")) {
            return Lookup.matching("^(.+\\.)?" + Pattern.quote(host.substring(1)) + "$");
        }
        return Lookup.equalTo(host);
    }

}
