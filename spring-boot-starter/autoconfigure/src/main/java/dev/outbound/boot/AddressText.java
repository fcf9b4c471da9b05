package dev.outbound.boot;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Addresses as they are written. No name is looked up.
 */
final class AddressText {

    private static final String ACTION = "Write an address, for example 192.0.2.10 or 2001:db8::10.";

    private static final Pattern BYTE = Pattern.compile("25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d");

    private static final Pattern IPV4 = Pattern.compile("(?:(?:" + BYTE + ")\\.){3}(?:" + BYTE + ")");

    private AddressText() {
    }

    static InetAddress parse(String text) throws InvalidValueException {
        try {
            // What has a colon is never looked up
            if (text.indexOf(':') >= 0 || IPV4.matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        }
        catch (UnknownHostException ex) {
            // told below
        }
        throw new InvalidValueException(ValueParser.quoted(text) + " is not an IP address.", ACTION);
    }

}
