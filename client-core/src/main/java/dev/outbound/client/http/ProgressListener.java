package dev.outbound.client.http;

/**
 * Is told how far a request is sent and its response received. Implement what is of
 * interest:
 *
 * <pre class="code">
 * github.put("/assets/{id}", (spec) -&gt; spec.variable("id", id).body(RequestBody.file(zip)).progress(new ProgressListener() {
 *     public void sent(long bytes, long total) { bar.update(bytes, total); }
 * }));
 * </pre>
 *
 * Each request that a call sends (an attempt, a redirect, a round of the authentication)
 * counts from zero, after {@link #begin}. Methods run where the bytes are, on an event
 * loop in reactive clients, so they must not block; those of one request run one after
 * the other for each direction. What they throw ends the call.
 *
 * @since 0.1
 */
public interface ProgressListener {

    /** Name of the attribute of a request that holds its listener. */
    String ATTRIBUTE = "outbound.progress";

    /**
     * A request is about to be sent: what was counted before is void.
     * @param request the request
     */
    default void begin(Request request) {
    }

    /**
     * A piece of the body was sent, which means that the transport has written it, or has
     * taken it and asked for what follows. At most once for each buffer.
     * @param bytes how many bytes of the body were sent so far
     * @param total how many there are, or -1 where that is not known
     */
    default void sent(long bytes, long total) {
    }

    /**
     * A piece of the response's body was received. At most once for each buffer.
     * @param bytes how many bytes were received so far, before content codings are undone
     * @param total how many {@code Content-Length} announces, or -1 where it does not
     */
    default void received(long bytes, long total) {
    }

}
