package dev.outbound.mock;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * Compares a part of a request that is one text.
 *
 * @param part which part
 * @param lookup how it is compared
 */
record TextPattern(Part part, Lookup lookup) implements RequestPattern {

    private static final int SHOWN = 200;

    static RequestPattern port(int... ports) {
        List<String> texts = Arrays.stream(ports).mapToObj(String::valueOf).toList();
        return new TextPattern(Part.PORT, (texts.size() == 1) ? Lookup.equalTo(texts.get(0)) : Lookup.in(texts));
    }

    static RequestPattern path(String template) {
        String path = template.startsWith("/") ? template : "/" + template;
        boolean plain = path.indexOf('{') < 0 && path.indexOf('}') < 0;
        return new TextPattern(Part.PATH, plain ? Lookup.equalTo(path) : Lookups.Template.of(path));
    }

    /** An empty path is a slash, in the URL of a request and in that of a pattern. */
    static RequestPattern url(Lookup lookup) {
        return new TextPattern(Part.URL, (lookup instanceof Lookups.EqualTo equalTo)
                ? Lookup.equalTo(normalized(Url.parse(equalTo.text()))) : lookup);
    }

    static String normalized(Url url) {
        boolean bare = url.path().isEmpty() && url.hasAuthority();
        return bare ? url.with((parts) -> parts.path("/")).text() : url.text();
    }

    @Override
    public Comparison compare(SentRequest request) {
        String actual = this.part.read.apply(request);
        if (this.lookup instanceof Lookups.Template) {
            String encoded = request.encodedPath();
            return Comparison.of(part(actual, this.lookup.matches(encoded)), this.lookup.variables(encoded));
        }
        if (this.lookup.matches(actual)) {
            return Comparison.of(part(actual, true), this.lookup.variables(actual));
        }
        String other = (this.part == Part.HOST) ? request.url().displayHost() : actual;
        boolean matches = !other.equals(actual) && this.lookup.matches(other);
        return Comparison.of(part(actual, matches), matches ? this.lookup.variables(other) : Map.of());
    }

    private Comparison.Part part(String actual, boolean matches) {
        String shown = shown(actual);
        return new Comparison.Part(this.part.label(), wanted(), shown.isEmpty() ? "none" : shown, matches);
    }

    private String wanted() {
        return (this.part == Part.TEXT) ? Secrets.maskFields(this.lookup.toString()) : this.lookup.toString();
    }

    private String shown(String actual) {
        String masked = switch (this.part) {
            case TEXT -> Secrets.maskFields(actual);
            case URL -> Url.parse(actual).toString();
            case METHOD, SCHEME, HOST, PORT, PATH -> actual;
        };
        return (masked.length() > SHOWN) ? masked.substring(0, SHOWN) + "…" : masked;
    }

    @Override
    public String toString() {
        return this.part.label() + " " + wanted();
    }

    /** What is read from the request. */
    enum Part {

        METHOD((request) -> request.method().name()),

        SCHEME((request) -> request.url().scheme()),

        HOST((request) -> request.url().host()),

        PORT((request) -> (request.url().port() >= 0) ? String.valueOf(request.url().port()) : ""),

        PATH(SentRequest::path),

        URL((request) -> normalized(request.url())),

        TEXT(SentRequest::text);

        private final Function<SentRequest, String> read;

        Part(Function<SentRequest, String> read) {
            this.read = read;
        }

        String label() {
            return (this == TEXT) ? "body" : name().toLowerCase(Locale.ROOT);
        }

    }

}
