package dev.outbound.client.guide;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbound.client.lab.Connection;
import dev.outbound.client.lab.RawServer;

/**
 * The server that the guide's snippets call: it answers each path as the guide expects,
 * and remembers what it was asked.
 */
final class ExampleApi implements AutoCloseable {

    private final List<String> requests = new CopyOnWriteArrayList<>();

    private final Deque<Answer> next = new ConcurrentLinkedDeque<>();

    private final RawServer server = RawServer
        .start((connection) -> connection.forEachRequest((request) -> serve(connection, request)));

    /** What to do with one request. */
    interface Answer {

        void to(Connection connection) throws Exception;

    }

    String url() {
        return this.server.url();
    }

    /** Answer the next requests otherwise, in this order. */
    void next(Answer... answers) {
        this.next.addAll(List.of(answers));
    }

    /** Return the requests so far, heads and bodies, and forget them. */
    List<String> requests() {
        List<String> requests = new ArrayList<>(this.requests);
        this.requests.clear();
        return requests;
    }

    private void serve(Connection connection, String request) throws Exception {
        this.requests.add(request);
        Answer answer = this.next.poll();
        if (answer != null) {
            answer.to(connection);
        }
        else if (request.startsWith("GET /large-file ")) {
            connection.respond(200, "0123456789".repeat(10_000));
        }
        else {
            String body = request.substring(request.indexOf("\r\n\r\n") + 4);
            boolean json = request.toLowerCase(java.util.Locale.ROOT).contains("content-type: application/json");
            connection.respond(200, json ? body : "{\"key\":\"value\"}", "Content-Type: application/json");
        }
    }

    @Override
    public void close() {
        this.server.close();
    }

}
