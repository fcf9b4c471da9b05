package dev.outbound.client.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.outbound.client.lab.Connection;

/**
 * One request, and what the server does when it has it.
 *
 * @param seed what it was made from
 * @param method the method of the request
 * @param streamed whether the caller streams the response
 * @param warm whether the connection has served a request before
 * @param response what the server sends, in Latin-1
 * @param cuts where it pauses
 * @param ending what it does then
 * @param changes what was done to a valid response
 */
record Play(long seed, String method, boolean streamed, boolean warm, String response, List<Integer> cuts,
        Ending ending, List<String> changes) {

    private static final Duration PAUSE = Duration.ofMillis(2);

    /** What a server does behind its response. */
    enum Ending {

        /** It waits for the next request. */
        KEEP,

        /** It ends the connection. */
        FIN,

        /** It breaks the connection off. */
        RESET

    }

    /**
     * Send the response.
     * @param last runs before the last piece of it is sent
     * @return whether there may be another request
     */
    boolean on(Connection connection, Runnable last) throws IOException, InterruptedException {
        int start = 0;
        for (int cut : this.cuts) {
            connection.write(this.response.substring(start, cut));
            connection.pause(PAUSE);
            start = cut;
        }
        last.run();
        connection.write(this.response.substring(start));
        if (this.ending == Ending.RESET) {
            // What was sent must arrive first: a reset overtakes it.
            connection.pause(PAUSE.multipliedBy(5));
            connection.rst();
        }
        return this.ending == Ending.KEEP;
    }

    @Override
    public String toString() {
        return "seed " + this.seed + ": " + this.method + (this.streamed ? ", streamed" : "")
                + (this.warm ? ", on a used connection" : "") + ", " + this.ending + ", cut at " + this.cuts + ", "
                + this.changes + "\n      " + escaped(this.response);
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            int c = b & 0xff;
            if (c == '\r' || c == '\n') {
                escaped.append((c == '\r') ? "\\r" : "\\n");
            }
            else {
                escaped.append((c >= ' ' && c < 0x7f) ? String.valueOf((char) c) : String.format("\\x%02x", c));
            }
        }
        return (escaped.length() > 700) ? escaped.substring(0, 700) + "…" : escaped.toString();
    }

}
