package dev.outbound.client.transport;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.outbound.client.http.Url;

/**
 * Which hosts are meant, in {@code no-proxy} for example: names (with all below them),
 * {@code .name} (only those below), addresses, ranges of addresses, names and addresses
 * with or without a port, or {@code *}. A range fits a URL whose host is an address; no
 * name is looked up for it.
 *
 * @param text the entry as it was given
 * @param host a name or an address; empty for a range or everything
 * @param subdomainsOnly whether the host itself is not meant
 * @param range addresses, or {@code null}
 * @param port the port, or -1 for any
 */
record HostPattern(String text, String host, boolean subdomainsOnly, @Nullable AddressRange range, int port) {

    static HostPattern of(String text) {
        String entry = text.strip().toLowerCase(Locale.ROOT);
        Assert.hasLength(entry, "A host must not be empty");
        if (entry.equals("*")) {
            return new HostPattern(text, "", false, null, -1);
        }
        if (entry.indexOf('/') >= 0) {
            return new HostPattern(text, "", false, AddressRange.of(entry), -1);
        }
        int port = -1;
        int colon = entry.lastIndexOf(':');
        // Of several colons, the last one begins a port only behind a bracket.
        if (colon > 0 && (entry.indexOf(':') == colon || entry.charAt(colon - 1) == ']')) {
            port = port(entry.substring(colon + 1), text);
            entry = entry.substring(0, colon);
        }
        if (entry.startsWith("[") && entry.endsWith("]")) {
            entry = entry.substring(1, entry.length() - 1);
        }
        InetAddress address = AddressRange.literal(entry);
        if (address != null) {
            return new HostPattern(text, "", false, AddressRange.of(address), port);
        }
        boolean below = entry.startsWith(".") || entry.startsWith("*.");
        String host = withoutDot(below ? entry.substring(entry.indexOf('.') + 1) : entry);
        Assert.isTrue(!host.isEmpty() && host.indexOf('*') < 0 && host.indexOf(':') < 0,
                () -> "'" + text + "' is no host; write a name, .domain, an address, a range such as 10.0.0.0/8, or *");
        return new HostPattern(text, host, below, null, port);
    }

    private static int port(String digits, String text) {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port <= 0xffff) {
                return port;
            }
        }
        catch (NumberFormatException ex) {
            // Said below.
        }
        throw new IllegalArgumentException("'" + text + "' has a port that is none");
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    boolean matches(Url url) {
        if (this.port >= 0 && this.port != url.port()) {
            return false;
        }
        if (this.range != null) {
            InetAddress address = AddressRange.literal(url.host());
            return address != null && this.range.contains(address);
        }
        if (this.host.isEmpty()) {
            return true;
        }
        if (AddressRange.literal(url.host()) != null) {
            // 127.0.0.1 is not below 0.0.1.
            return false;
        }
        String candidate = withoutDot(url.host());
        return candidate.endsWith("." + this.host) || (!this.subdomainsOnly && candidate.equals(this.host));
    }

    static boolean matchesAny(List<HostPattern> entries, Url url) {
        for (HostPattern entry : entries) {
            if (entry.matches(url)) {
                return true;
            }
        }
        return false;
    }

}
