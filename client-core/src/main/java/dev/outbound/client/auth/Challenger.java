package dev.outbound.client.auth;

/**
 * Who asks for credentials, and where the words of that conversation stand (RFC 9110,
 * sections 11.6 and 11.7).
 */
enum Challenger {

    /** The server of the resource. */
    ORIGIN_SERVER(401, "WWW-Authenticate", "Authorization", "Authentication-Info"),

    /** A proxy in between. */
    PROXY(407, "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info");

    private final int status;

    private final String challengeField;

    private final String credentialsField;

    private final String infoField;

    Challenger(int status, String challengeField, String credentialsField, String infoField) {
        this.status = status;
        this.challengeField = challengeField;
        this.credentialsField = credentialsField;
        this.infoField = infoField;
    }

    int status() {
        return this.status;
    }

    String challengeField() {
        return this.challengeField;
    }

    String credentialsField() {
        return this.credentialsField;
    }

    String infoField() {
        return this.infoField;
    }

}
