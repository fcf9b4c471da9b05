package dev.outbound.client.vectors;

import java.net.IDN;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static dev.outbound.client.vectors.Deviation.refused;
import static dev.outbound.client.vectors.Deviation.with;

/**
 * Where our URLs and parameters differ.
 */
final class UrlDeviations {

    private static final Pattern AUTHORITY = Pattern.compile("(?:[a-zA-Z][a-zA-Z0-9+.-]*)?:?//([^/?#]*)");

    private static final Pattern PORT = Pattern.compile("(?:\\[[^]]*]|[^:\\[]*):(.+)");

    private static final Pattern PATH = Pattern.compile("([^?#]+)(.*)");

    private static final List<String> URLS = List.of("url_encoding", "url_join");

    static final List<Deviation> RULES = List.of(
            new Deviation(URLS, "takes any number as a port, also `0`, `99999`, `-1`, `+80` and ` 80`",
                    "a port is 1 to 65535 in plain digits; anything else is an `InvalidUrlException`",
                    "no connection can come of it, and parsers that read it otherwise can be played off against each"
                            + " other (S25)",
                    (vector) -> !vector.json().has("error") && ports(vector).anyMatch((port) -> !isPort(port)),
                    refused("InvalidURL")),
            new Deviation(URLS, "escapes a backslash in a host or in user information",
                    "a backslash before the path is an `InvalidUrlException`",
                    "browsers read it as the slash that ends the host, so two parsers see two hosts (S20)",
                    (vector) -> Stream.concat(authorities(vector), hosts(vector))
                        .anyMatch((text) -> text.contains("\\")),
                    refused("InvalidURL")),
            new Deviation(URLS, "takes `[` without its `]` for a character of a name and escapes it",
                    "a host that starts with `[` is an IPv6 address or an `InvalidUrlException`",
                    "no such name can be looked up; the fault is named where it is made",
                    (vector) -> hosts(vector).anyMatch((host) -> host.startsWith("[") && !host.matches("\\[[^]]*]")),
                    refused("InvalidURL")),
            new Deviation(URLS, "takes a zone of an IPv6 address without `%25`, as in `[fe80::1%eth0]`",
                    "a zone is written `%25eth0`, anything else is an `InvalidUrlException`", "RFC 6874, section 2",
                    (vector) -> hosts(vector).anyMatch((host) -> host.matches("\\[[^%]*%(?!25).*]")),
                    refused("InvalidURL")),
            new Deviation(URLS, "sends the zone of an IPv6 address in `Host`", "the zone is left out there",
                    "it means something on this machine only (RFC 6874, section 4; S23)",
                    (vector) -> hosts(vector).anyMatch((host) -> host.matches("\\[[^%]*%25.*]")),
                    with("netloc", (vector) -> text(vector, "netloc").replaceFirst("%25[^\\]]*", ""))),
            new Deviation(URLS, "keeps the case of IPv6 addresses", "they are written in lower case",
                    "RFC 5952, section 4.3: one address has one text, so that origins compare",
                    (vector) -> hosts(vector).anyMatch((host) -> host.matches("\\[.*[A-F].*]")),
                    with(UrlDeviations::lowerCaseHost)),
            new Deviation(URLS, "takes names that begin with `xn--` unseen, and fails when they are shown",
                    "a label that is not Punycode is an `InvalidUrlException`", "no such name can be registered (S22)",
                    (vector) -> !vector.op().equals("equal") && hosts(vector).anyMatch(UrlDeviations::isNotPunycode),
                    refused("InvalidURL")),
            new Deviation(URLS, "shows international names only where the first label is one",
                    "`displayHost()` shows each label as its owner writes it",
                    "`www.xn--…` is as hard to read as `xn--…`", (vector) -> text(vector, "raw_host").contains(".xn--"),
                    with("host", UrlDeviations::shownHost)),
            new Deviation(URLS, "prints a path that begins with `//` and has no host before it as if it were a host",
                    "that is an `InvalidUrlException`, with a scheme and without",
                    "RFC 3986, section 3.3: the text would mean another URL",
                    (vector) -> urls(vector)
                        .anyMatch((url) -> url.matches("[a-zA-Z][a-zA-Z0-9+.-]*:(//:?|/\\.{1,2})//.*")),
                    refused("InvalidURL")),
            new Deviation(URLS, "drops the slash behind a last `.` or `..` of a path", "the slash stays",
                    "RFC 3986, section 5.2.4", UrlDeviations::endsWithDots, with(UrlDeviations::withSlash)),
            new Deviation(List.of("url_join"), "stores a base URL without a path as it is",
                    "every base URL is stored with a slash at its end",
                    "what is requested is the same, and appending needs no special case",
                    (vector) -> vector.op().equals("base_url")
                            && vector.in().path("base_url").asString("").matches("[^:]+://[^/?#]+"),
                    with("base_url", (vector) -> text(vector, "base_url") + "/")),
            new Deviation(List.of("query_params"), "parameters replace the query of the URL, those of the client too",
                    "the query of the URL stays, parameters follow it",
                    "no part of a request is dropped because another was added; disputed at HTTPX too"
                            + " (encode/httpx#3433)",
                    (vector) -> vector.op().equals("request_url") && vector.in().path("url").asString("").contains("?")
                            && hasParams(vector.in()),
                    with("url", (vector) -> addedQuery(vector.in().path("url").asString(), text(vector, "url")))),
            new Deviation(List.of("query_params"), "a parameter whose values are an empty list leaves a bare `?`",
                    "it leaves nothing", "there is nothing to send",
                    (vector) -> vector.op().equals("request_url") && text(vector, "url").endsWith("?"),
                    with("url", (vector) -> text(vector, "url").replaceFirst("\\?$", ""))));

    private UrlDeviations() {
    }

    private static String text(Vector vector, String key) {
        return vector.json().path("out").path(key).asString("");
    }

    /** All texts of the input that are URLs. */
    private static Stream<String> urls(Vector vector) {
        return vector.in().propertyStream().map(Map.Entry::getValue).filter(JsonNode::isString).map(JsonNode::asString);
    }

    private static boolean endsWithDots(Vector vector) {
        Stream<String> paths = components(vector).map((parts) -> parts.path("path").asString(""));
        return !vector.op().equals("join")
                && Stream.concat(urls(vector), paths).anyMatch((url) -> url.matches("(|[^?#]*/)\\.{1,2}([?#].*)?"));
    }

    private static Map<String, ?> withSlash(Vector vector) {
        Map<String, Object> keys = new HashMap<>();
        for (String key : List.of("url", "path", "raw_path")) {
            String text = text(vector, key);
            Matcher matcher = PATH.matcher(text);
            if (matcher.matches() && !matcher.group(1).endsWith("/")) {
                keys.put(key, matcher.group(1) + "/" + matcher.group(2));
            }
        }
        return keys;
    }

    private static Stream<String> authorities(Vector vector) {
        return urls(vector).map(AUTHORITY::matcher).filter(Matcher::lookingAt).map((matcher) -> matcher.group(1));
    }

    private static Stream<String> hostsAndPorts(Vector vector) {
        return authorities(vector).map((authority) -> authority.substring(authority.lastIndexOf('@') + 1));
    }

    private static Stream<String> hosts(Vector vector) {
        return Stream.concat(hostsAndPorts(vector).map(UrlDeviations::hostOf),
                components(vector).map((parts) -> parts.path("host").asString("")));
    }

    private static String hostOf(String authority) {
        Matcher matcher = PORT.matcher(authority);
        return matcher.matches() ? authority.substring(0, matcher.start(1) - 1) : authority;
    }

    private static Stream<String> ports(Vector vector) {
        return Stream.concat(hostsAndPorts(vector).map(PORT::matcher).filter(Matcher::matches).map((m) -> m.group(1)),
                components(vector).filter((parts) -> parts.path("port").isNumber())
                    .map((parts) -> parts.path("port").asString()));
    }

    private static Stream<JsonNode> components(Vector vector) {
        return Stream.of(vector.in().path("components"), vector.in().path("with"));
    }

    private static boolean isPort(String text) {
        return text.matches("0*[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535;
    }

    private static Map<String, ?> lowerCaseHost(Vector vector) {
        Map<String, Object> keys = new HashMap<>();
        for (String key : List.of("url", "host", "raw_host", "netloc")) {
            String text = text(vector, key);
            if (!text.isEmpty()) {
                String host = text(vector, "raw_host");
                keys.put(key, text.replace(host, host.toLowerCase(Locale.ROOT)));
            }
        }
        return keys;
    }

    private static boolean isNotPunycode(String host) {
        for (String label : host.toLowerCase(Locale.ROOT).split("\\.")) {
            if (label.startsWith("xn--") && IDN.toUnicode(label).equals(label)) {
                return true;
            }
        }
        return false;
    }

    private static String shownHost(Vector vector) {
        return hosts(vector).filter((host) -> host.chars().anyMatch((c) -> c > 0x7f))
            .findFirst()
            .map((host) -> host.toLowerCase(Locale.ROOT))
            .orElseGet(() -> IDN.toUnicode(text(vector, "raw_host")));
    }

    private static boolean hasParams(JsonNode in) {
        return isGiven(in.get("params")) || isGiven(in.get("client_params"));
    }

    private static boolean isGiven(@Nullable JsonNode params) {
        return params != null && !params.isNull();
    }

    /** Put the query of the URL before that of HTTPX's answer. */
    private static String addedQuery(String url, String answer) {
        String old = url.replaceFirst("#.*", "").replaceFirst("[^?]*\\?", "");
        String base = answer.replaceFirst("[?#].*", "");
        String fragment = answer.contains("#") ? answer.substring(answer.indexOf('#')) : "";
        String query = answer.contains("?") ? answer.replaceFirst("#.*", "").replaceFirst("[^?]*\\?", "") : "";
        return base + "?" + old + ((old.isEmpty() || query.isEmpty()) ? "" : "&") + query + fragment;
    }

}
