package dev.outbound.client.transport;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells addresses of the public Internet from all others: those of IANA's special-purpose
 * registries (RFC 6890 and what has been added since), and those of IPv6 in which an
 * address of IPv4 is embedded that is special.
 */
final class SpecialAddresses {

    private static final List<AddressRange> IPV4 = ranges("0.0.0.0/8", // this network
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private, RFC 1918
            "100.64.0.0/10", // shared by carriers, RFC 6598
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, and the metadata services of clouds
            "192.0.0.0/24", // protocol assignments, RFC 6890
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation, RFC
                                                                 // 5737
            "192.88.99.0/24", // relays of 6to4, RFC 7526
            "198.18.0.0/15", // benchmarks, RFC 2544
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, and broadcast

    /** What has ever been given out for use (RFC 4291, section 2.4). */
    private static final AddressRange GLOBAL_UNICAST = AddressRange.of("2000::/3");

    private static final List<AddressRange> IPV6 = ranges("2001::/23", // protocols, with
                                                                       // Teredo and
                                                                       // ORCHID
            "2001:db8::/32", "3fff::/20", // documentation
            "2002::/16"); // 6to4

    /** Translated to IPv4 by the network (RFC 6052): that address decides. */
    private static final AddressRange NAT64 = AddressRange.of("64:ff9b::/96");

    private SpecialAddresses() {
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::of).toList();
    }

    static boolean isPublic(InetAddress address) {
        if (address instanceof Inet4Address) {
            return isInNone(IPV4, address);
        }
        if (NAT64.contains(address)) {
            return isPublic(embedded(address));
        }
        return GLOBAL_UNICAST.contains(address) && isInNone(IPV6, address)
                && (!isIsatap(address) || isPublic(embedded(address)));
    }

    private static boolean isInNone(List<AddressRange> ranges, InetAddress address) {
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return false;
            }
        }
        return true;
    }

    /** RFC 5214, section 6.1. */
    private static boolean isIsatap(InetAddress address) {
        byte[] bytes = address.getAddress();
        return (bytes[8] & ~0x02) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && (bytes[11] & 0xff) == 0xfe;
    }

    private static InetAddress embedded(InetAddress address) {
        byte[] bytes = address.getAddress();
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
        }
        catch (UnknownHostException ex) {
            throw new IllegalStateException(ex);
        }
    }

}
