package dev.outbound.client.transport;

import java.security.cert.CertificateException;
import java.util.List;

/**
 * A server has none of the keys that are pinned.
 */
final class UnpinnedKeyException extends CertificateException {

    private static final long serialVersionUID = 1L;

    private static final int MOST_NAMED = 3;

    UnpinnedKeyException(List<String> shown) {
        super("has none of the pinned keys, but "
                + String.join(", ", shown.subList(0, Math.min(MOST_NAMED, shown.size())))
                + "; if its keys were replaced on purpose, change the pins of this client");
    }

}
