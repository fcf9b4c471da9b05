package dev.outbound.client.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin with the same bits (RFC 4632, RFC 4291 section 2.3).
 *
 * @param first has those bits
 * @param bits how many they are
 */
record AddressRange(InetAddress first, int bits) {

    /**
     * Read a range.
     * @param text an address, a slash and a number of bits
     * @throws IllegalArgumentException if it is something else
     */
    static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = (slash > 0) ? literal(text.substring(0, slash)) : null;
        String digits = text.substring(slash + 1);
        boolean number = digits.length() >= 1 && digits.length() <= 3
                && digits.chars().allMatch((c) -> c >= '0' && c <= '9');
        if (address == null || !number || Integer.parseInt(digits) > 8 * address.getAddress().length) {
            throw new IllegalArgumentException("'" + text + "' is not a range of addresses such as 10.0.0.0/8");
        }
        return new AddressRange(address, Integer.parseInt(digits));
    }

    static AddressRange of(InetAddress address) {
        return new AddressRange(address, 8 * address.getAddress().length);
    }

    /**
     * Return the address that a text is; no name is looked up.
     * @param text what stands in a URL, without brackets
     * @return the address, or {@code null} if the text is a name
     */
    static @Nullable InetAddress literal(String text) {
        boolean address = text.indexOf(':') >= 0 || isDotted(text);
        try {
            return address ? InetAddress.getByName(text) : null;
        }
        catch (UnknownHostException ex) {
            return null;
        }
    }

    /** Four decimal numbers: of other forms each resolver thinks something else. */
    private static boolean isDotted(String text) {
        int dots = 0;
        int number = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && number >= 0) {
                dots++;
                number = -1;
            }
            else if (c >= '0' && c <= '9' && number != 0) {
                number = Math.max(number, 0) * 10 + (c - '0');
            }
            else {
                return false;
            }
            if (number > 255) {
                return false;
            }
        }
        return dots == 3 && number >= 0;
    }

    boolean contains(InetAddress address) {
        byte[] own = this.first.getAddress();
        byte[] other = address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        int whole = this.bits / 8;
        for (int i = 0; i < whole; i++) {
            if (own[i] != other[i]) {
                return false;
            }
        }
        int rest = this.bits % 8;
        return rest == 0 || ((own[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return this.first.getHostAddress() + "/" + this.bits;
    }

}
