package dev.outbound.client.transport;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.InvalidUrlException;
import dev.outbound.client.http.Url;

/**
 * Reads {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}
 * as HTTPX and Python do: in upper or lower case, of which the lower wins; an empty one
 * in lower case takes back the other. {@code HTTP_PROXY} is not believed where
 * {@code REQUEST_METHOD} is set, since a CGI program gets it from the client
 * (CVE-2016-1000110).
 * <p>
 * A function of its argument: it looks at no environment itself.
 *
 * @since 0.1
 */
public final class ProxyVariables {

    private static final Pattern NAME = Pattern.compile("(.*)_proxy", Pattern.CASE_INSENSITIVE);

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$|/)|(?=$|/))){4}");

    private static final Set<String> SCHEMES = Set.of("http", "https", "socks5", "socks5h");

    private ProxyVariables() {
    }

    /**
     * Return which proxy serves which URLs.
     * @param environment the variables by name, {@code System.getenv()} for example
     * @return patterns and URLs of proxies, {@code null} for no proxy; as {@link Mounts}
     * takes them
     * @throws IllegalArgumentException if a variable names no usable proxy
     */
    public static Map<String, @Nullable Url> read(Map<String, String> environment) {
        Map<String, @Nullable Url> mounts = new LinkedHashMap<>();
        patterns(environment)
            .forEach((pattern, proxy) -> mounts.put(pattern, (proxy != null) ? proxyUrl(pattern, proxy) : null));
        return mounts;
    }

    private static Url proxyUrl(String pattern, String proxy) {
        try {
            return proxyUrl(proxy);
        }
        catch (IllegalArgumentException ex) {
            String variable = pattern.replace("://", "_proxy").toUpperCase(Locale.ROOT);
            throw new IllegalArgumentException(
                    "The environment variable " + variable + " names no usable proxy: " + ex.getMessage(), ex);
        }
    }

    /**
     * Return the URL of a proxy.
     * @param text the URL
     * @return the URL, which may contain user information
     * @throws IllegalArgumentException if its scheme is not one of http, https, socks5
     * and socks5h, or it has no host
     */
    public static Url proxyUrl(String text) {
        Assert.hasText(text, "URL of a proxy must not be empty");
        Url url = Url.parse(text);
        if (!SCHEMES.contains(url.scheme())) {
            throw new IllegalArgumentException("The proxy '" + url.redacted() + "' has the scheme '" + url.scheme()
                    + "'; supported are http, https, socks5 and socks5h");
        }
        String host = url.host();
        Assert.isTrue(!host.isEmpty(), () -> "The proxy '" + url.redacted() + "' has no host");
        Assert.isTrue(host.indexOf('%') < 0 || host.indexOf(':') >= 0,
                () -> "The proxy '" + url.redacted() + "' has a host with characters that are not allowed");
        return url;
    }

    static Map<String, @Nullable String> patterns(Map<String, String> environment) {
        Map<String, String> variables = variables(environment);
        Map<String, @Nullable String> mounts = new LinkedHashMap<>();
        for (String scheme : List.of("http", "https", "all")) {
            String proxy = variables.get(scheme);
            if (proxy != null) {
                mounts.put(scheme + "://", proxy.contains("://") ? proxy : "http://" + proxy);
            }
        }
        for (String host : variables.getOrDefault("no", "").split(",")) {
            String name = host.strip();
            if (name.equals("*")) {
                return Map.of();
            }
            if (!name.isEmpty()) {
                mounts.put(direct(name), null);
            }
        }
        return mounts;
    }

    /**
     * The entries of {@code NO_PROXY} that are ranges of addresses, where there are any.
     */
    static List<String> ranges(Map<String, String> environment) {
        return Arrays.stream(variables(environment).getOrDefault("no", "").split(","))
            .map(String::strip)
            .filter((entry) -> entry.indexOf('/') > 0 && !entry.contains("://")
                    && AddressRange.literal(entry.substring(0, entry.indexOf('/'))) != null)
            .toList();
    }

    private static Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>();
        environment.forEach((name, value) -> {
            if (NAME.matcher(name).matches() && !value.isEmpty()) {
                variables.put(key(name), value);
            }
        });
        if (environment.containsKey("REQUEST_METHOD")) {
            variables.remove("http");
        }
        environment.forEach((name, value) -> {
            if (name.endsWith("_proxy")) {
                variables.compute(key(name), (key, other) -> value.isEmpty() ? null : value);
            }
        });
        return variables;
    }

    private static String key(String name) {
        return name.substring(0, name.length() - "_proxy".length()).toLowerCase(Locale.ROOT);
    }

    /** The pattern of an entry of {@code NO_PROXY}. */
    private static String direct(String entry) {
        if (entry.contains("://")) {
            return entry;
        }
        // HTTPX puts a second asterisk before it, which fits nothing.
        if (entry.startsWith("*")) {
            return "all://" + entry;
        }
        int slash = entry.indexOf('/');
        String host = (slash >= 0) ? entry.substring(0, slash) : entry;
        if (IPV4.matcher(host).matches() || entry.equalsIgnoreCase("localhost")) {
            return "all://" + entry;
        }
        return isIpv6(host) ? "all://[" + host + "]" + entry.substring(host.length()) : "all://*" + entry;
    }

    private static boolean isIpv6(String host) {
        try {
            return host.indexOf(':') >= 0 && !Url.parse("http://[" + host + "]").host().isEmpty();
        }
        catch (InvalidUrlException ex) {
            return false;
        }
    }

}
