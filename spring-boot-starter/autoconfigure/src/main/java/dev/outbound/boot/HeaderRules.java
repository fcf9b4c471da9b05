package dev.outbound.boot;

import java.util.List;

import dev.outbound.client.Client;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Secrets;

/**
 * Headers can be sent, and are the client's to set.
 */
final class HeaderRules {

    private HeaderRules() {
    }

    static void check(BoundClient client) {
        client.properties().getHeaders().forEach((name, values) -> check(client, name, values));
        client.properties().getWithoutHeaders().forEach((name) -> checkTakenAway(client, name));
        AuthProperties auth = client.properties().getAuth();
        String authorization = BoundClient.header("Authorization");
        if (client.isWritten(authorization) && auth != null && auth.getType() != null
                && auth.getType() != AuthenticationType.NONE) {
            client.fail(authorization,
                    "Client '" + client.name() + "' sets Authorization twice: headers.Authorization and auth.type="
                            + client.text("auth.type", "") + ".",
                    "Remove one of them.");
        }
    }

    /** Drop the headers that are inherited from beyond the level that takes them away. */
    static void dropTakenAway(BoundClient client) {
        for (String name : client.properties().getWithoutHeaders()) {
            String id = BoundClient.header(name);
            if (client.isWritten(id) && client.distance(id) > client.distance("without-headers")) {
                client.remove(id);
            }
        }
    }

    private static void checkTakenAway(BoundClient client, String name) {
        String id = BoundClient.header(name);
        if (firstWrong(name) >= 0) {
            client.fail("without-headers", ValueParser.quoted(name) + " is not a valid header name.",
                    "Use letters, digits and \"-\", for example \"" + valid(name) + "\".");
        }
        else if (isTransports(name)) {
            client.fail("without-headers", "Header " + name + " is set by the transport and cannot be taken away.",
                    "Remove it.");
        }
        else if (client.isWritten(id) && client.distance(id) == client.distance("without-headers")) {
            client.fail("without-headers", "Header " + name + " is set and taken away in the same block.",
                    "Remove one of them.");
        }
    }

    private static void check(BoundClient client, String name, List<String> values) {
        int wrong = firstWrong(name);
        if (wrong >= 0 || name.isEmpty()) {
            client.fail(BoundClient.header(name), ValueParser.quoted(name) + " is not a valid header name ("
                    + ((wrong >= 0) ? named(name.charAt(wrong)) + " at position " + wrong : "it is empty") + ").",
                    "Use letters, digits and \"-\", for example \"" + valid(name) + "\".");
            return;
        }
        if (isTransports(name)) {
            client.fail(BoundClient.header(name),
                    "Header " + name + " is set by the transport and cannot be configured.", "Remove it.");
        }
        if (values.stream().allMatch(String::isEmpty)) {
            client.warn(BoundClient.header(name),
                    "Header " + name + " has an empty value and is sent as \"" + name + ":\".",
                    "Remove it if that is not intended; `without-headers` takes an inherited one away.");
        }
        values.forEach((value) -> checkValue(client, name, value));
    }

    private static int firstWrong(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0))) {
                return i;
            }
        }
        return -1;
    }

    private static String named(char c) {
        return (c == ' ') ? "space" : ValueParser.quoted(String.valueOf(c));
    }

    private static String valid(String name) {
        String valid = name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
        return valid.isEmpty() ? "X-Tenant" : valid;
    }

    /** The core knows which fields belong to the framing of a message. */
    private static boolean isTransports(String name) {
        try {
            Client.builder().header(name, "x");
            return false;
        }
        catch (IllegalArgumentException ex) {
            return true;
        }
    }

    private static void checkValue(BoundClient client, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\n' || value.charAt(i) == '\r') {
                client.fail(BoundClient.header(name),
                        "Header " + name + " contains a line break after character " + i
                                + ". A line break would start a new header.",
                        "Write the value on one line; use `>-` or quotes in YAML.");
                return;
            }
        }
        try {
            FieldLines.check(name, value);
        }
        catch (IllegalArgumentException ex) {
            client.fail(BoundClient.header(name),
                    Secrets.isSecretHeader(name)
                            ? "The value of header " + name + " contains a character that cannot be sent."
                            : ex.getMessage() + ".",
                    "Use characters of ISO-8859-1, without control characters.");
        }
    }

}
