package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import dev.outbound.client.http.Url;

/**
 * What all routes of a router have in front of them.
 */
final class BaseUrl {

    private static final Pattern SPECIAL = Pattern.compile("[{}%?#/]");

    static final BaseUrl NONE = new BaseUrl("", RequestPattern.anything(), "");

    private final String text;

    private final RequestPattern origin;

    private final String path;

    private BaseUrl(String text, RequestPattern origin, String path) {
        this.text = text;
        this.origin = origin;
        this.path = path;
    }

    static BaseUrl of(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        Url url = Url.parse(text);
        String path = url.decodedPath();
        String origin = text.substring(0,
                text.length() - url.path().length() - ((url.query() != null) ? url.query().length() + 1 : 0));
        if (url.query() != null || url.fragment() != null) {
            throw new IllegalArgumentException("'" + text + "' is not a base URL: it has a query or a fragment. "
                    + "Leave it out; routes and groups can ask for parameters");
        }
        return new BaseUrl(text, UrlShorthand.parse(origin, true),
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /**
     * Compare a request with base and pattern. A pattern that names its own host, scheme
     * or whole URL is on its own.
     */
    Comparison compare(SentRequest request, RequestPattern pattern) {
        if (this == NONE || isAbsolute(pattern)) {
            return pattern.compare(request);
        }
        SentRequest below = below(request);
        boolean fits = below != null && this.origin.matches(request);
        Comparison base = new Comparison(fits,
                fits ? List.of() : List.of(new Comparison.Part("base URL", this.text, request.url().redacted(), false)),
                Map.of());
        return base.and(pattern.compare((below != null) ? below : request));
    }

    /** Return the request with its path below the base, or {@code null}. */
    @Nullable SentRequest below(SentRequest request) {
        String below = below(request.url().decodedPath());
        return (below != null) ? request.withPath(below, encodedBelow(request.encodedPath())) : null;
    }

    private String encodedBelow(String path) {
        int start = 0;
        for (long above = this.path.chars().filter((c) -> c == '/').count(); above > 0 && start >= 0; above--) {
            start = path.indexOf('/', start + 1);
        }
        return (start >= 0) ? path.substring(start) : "/";
    }

    private @Nullable String below(String path) {
        if (!path.startsWith(this.path)) {
            return null;
        }
        String below = path.substring(this.path.length());
        if (below.isEmpty()) {
            return "/";
        }
        return below.startsWith("/") ? below : null;
    }

    private static boolean isAbsolute(RequestPattern pattern) {
        return Combined.conditions(pattern)
            .anyMatch((condition) -> condition instanceof TextPattern text && switch (text.part()) {
                case SCHEME, HOST, PORT -> true;
                case URL -> !(text.lookup() instanceof Lookups.Matching);
                case METHOD, PATH, TEXT -> false;
            });
    }

    /** Return what a route would write for the URL of a request. */
    String relative(SentRequest request) {
        SentRequest below = (this != NONE && this.origin.matches(request)) ? below(request) : null;
        return (below != null) ? readable(below.encodedPath())
                : request.url().origin() + readable(request.encodedPath());
    }

    /** Decoded, but for what would mean something else in a pattern. */
    private static String readable(String path) {
        return Arrays.stream(path.split("/", -1))
            .map((segment) -> SPECIAL.matcher(StringUtils.uriDecode(segment, StandardCharsets.UTF_8))
                .replaceAll((special) -> "%%%02X".formatted((int) special.group().charAt(0))))
            .collect(Collectors.joining("/"));
    }

    @Override
    public String toString() {
        return this.text;
    }

}
