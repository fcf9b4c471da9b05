package dev.outbound.client.transport.spring;

import org.springframework.http.HttpHeaders;

import dev.outbound.client.http.Request;

/** Hands the field lines of a request to Spring. */
final class Headers {

    private Headers() {
    }

    /**
     * Copy the lines, without {@code Connection}: it is each engine's own, and the JDK's
     * refuses it.
     */
    static void copy(Request request, HttpHeaders headers) {
        request.fields().forEach((name, value) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONNECTION)) {
                headers.add(name, value);
            }
        });
    }

}
