package dev.outbound.client.vectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

import static dev.outbound.client.vectors.Deviation.refused;
import static dev.outbound.client.vectors.Deviation.with;

/**
 * Where our redirects differ, also with HTTPX's trust in servers.
 */
final class RedirectDeviations {

    private static final Pattern ABSOLUTE = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)://([^/?#]*).*");

    static final List<Deviation> RULES = List.of(new Deviation(List.of("redirects"),
            "builds a request for whatever scheme a `Location` has, and takes the host of the request where it names none",
            "a `Location` that is not http or https is a `RemoteProtocolException`",
            "nothing but http and https is ever sent (S33)",
            (vector) -> vector.op().equals("redirect") && !scheme(vector).matches("(?i)(https?)?"),
            refused("RemoteProtocolError")),
            new Deviation(List.of("redirects"), "keeps the user information of a `Location` in the URL",
                    "it is left out", "what is in a URL ends up in logs; it was never sent as credentials (S19)",
                    (vector) -> vector.op().equals("redirect") && authority(vector).contains("@"),
                    with("url",
                            (vector) -> vector.json()
                                .path("out")
                                .path("url")
                                .asString("")
                                .replaceFirst("//[^/?#]*@", "//"))),
            new Deviation(List.of("redirects"), "sends a cookie of the program that names no domain to every host",
                    "it is sent to the origin that the program called", "S40: cookies do not cross origins",
                    (vector) -> vector.op().equals("redirect") && vector.in().has("client_cookies")
                            && !authority(vector).isEmpty()
                            && !origin(vector, "url").equals(scheme(vector) + "://" + authority(vector)),
                    with((vector) -> Map.of("headers", withoutCookie(vector), "removed", List.of("cookie")))));

    private RedirectDeviations() {
    }

    private static String location(Vector vector) {
        return vector.in().path("response").path("location").asString("");
    }

    private static String scheme(Vector vector) {
        Matcher matcher = ABSOLUTE.matcher(location(vector));
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static String authority(Vector vector) {
        Matcher matcher = ABSOLUTE.matcher(location(vector));
        return matcher.matches() ? matcher.group(2) : "";
    }

    private static String origin(Vector vector, String key) {
        Matcher matcher = ABSOLUTE.matcher(vector.in().path("request").path(key).asString(""));
        return matcher.matches() ? matcher.group(1) + "://" + matcher.group(2) : "";
    }

    private static List<JsonNode> withoutCookie(Vector vector) {
        List<JsonNode> lines = new ArrayList<>();
        vector.json().path("out").path("headers").forEach((line) -> {
            if (!line.path(0).asString("").equals("Cookie")) {
                lines.add(line);
            }
        });
        return lines;
    }

}
