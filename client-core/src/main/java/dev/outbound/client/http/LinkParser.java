package dev.outbound.client.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code Link} fields (RFC 8288, section 3). Lenient: what is not a link is left
 * out, what comes after it is read.
 */
final class LinkParser {

    private final String text;

    private int position;

    private LinkParser(String text) {
        this.text = text;
    }

    static List<Link> parse(List<String> values) {
        List<Link> links = new ArrayList<>();
        values.forEach((value) -> new LinkParser(value).addTo(links));
        return links;
    }

    /** Return the links by relation, or URL where there is none; the last one counts. */
    static Map<String, Link> byRelation(List<Link> links) {
        Map<String, Link> byRelation = new LinkedHashMap<>();
        for (Link link : links) {
            String rel = link.rel();
            byRelation.put((rel != null && !rel.isEmpty()) ? rel : link.url(), link);
        }
        return byRelation;
    }

    private void addTo(List<Link> links) {
        while (this.position < this.text.length()) {
            skip(" \t,");
            if (!is('<')) {
                skipTo(",");
                continue;
            }
            int close = this.text.indexOf('>', this.position);
            if (close < 0) {
                return;
            }
            String url = this.text.substring(this.position + 1, close).trim();
            this.position = close + 1;
            links.add(new Link(url, parameters()));
        }
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        skip(" \t");
        while (is(';')) {
            this.position++;
            skip(" \t;");
            int start = this.position;
            skipTo("=;, \t");
            String name = this.text.substring(start, this.position);
            skip(" \t");
            if (is('=')) {
                this.position++;
                skip(" \t");
                parameters.put(name, is('"') ? quoted() : token());
            }
            skipTo(";,");
        }
        return parameters;
    }

    private String token() {
        int start = this.position;
        skipTo(";,");
        return this.text.substring(start, this.position).trim();
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        while (++this.position < this.text.length() && !is('"')) {
            if (is('\\') && this.position + 1 < this.text.length()) {
                this.position++;
            }
            value.append(this.text.charAt(this.position));
        }
        this.position++;
        return value.toString();
    }

    private boolean is(char c) {
        return this.position < this.text.length() && this.text.charAt(this.position) == c;
    }

    private void skip(String characters) {
        while (this.position < this.text.length() && characters.indexOf(this.text.charAt(this.position)) >= 0) {
            this.position++;
        }
    }

    private void skipTo(String characters) {
        while (this.position < this.text.length() && characters.indexOf(this.text.charAt(this.position)) < 0) {
            this.position++;
        }
    }

}
