package dev.outbound.client.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A response whose body is read while it arrives. It holds a connection, and who opened
 * it closes it:
 *
 * <pre class="code">
 * try (StreamedResponse zip = github.stream(GET, "/zipball")) {
 *     zip.writeTo(path);
 * }
 * </pre>
 *
 * Closing in the middle of the body is cheap: what is left is read only if it is little,
 * else the connection is given up. To be used by one thread at a time; {@link #close()}
 * may be called from any. Reading fails with a {@link RequestException} of the kind the
 * fault has, never with an {@link IOException} of the engine.
 *
 * @since 0.1
 */
public final class StreamedResponse extends AbstractResponse implements AutoCloseable {

    private final InputStream body;

    /**
     * Create a response. Drivers do.
     * @param head status and field lines
     * @param body the content; closing it releases the connection
     * @param request the request that was answered
     * @param context the call
     * @param history earlier responses, oldest first
     * @param next makes the request that follows, or {@code null}
     */
    public StreamedResponse(ResponseHead head, InputStream body, Request request, CallContext context,
            List<Response> history, @Nullable Supplier<Request> next) {
        super(head, request, context, history, next);
        this.body = body;
    }

    /**
     * Return this response, or close it and throw when its status is not one of success
     * (2xx).
     * @return this response
     * @throws StatusException for every status outside 200-299
     */
    public StreamedResponse raiseForStatus() {
        StatusException failure = statusFailure();
        if (failure != null) {
            close();
            throw failure;
        }
        return this;
    }

    /**
     * Return the content as a stream, to be read once.
     * @return the stream; closing it closes this response
     */
    public InputStream body() {
        return this.body;
    }

    /**
     * Return the lines of the content, decoded in the character set that the response
     * declares, or UTF-8. Lines end with LF, CR or both.
     * @return the lines, read while the stream is consumed
     */
    public Stream<String> lines() {
        return new BufferedReader(new InputStreamReader(this.body, charset())).lines();
    }

    /**
     * Write the content to a file, replacing one that is there.
     * @param file the file
     * @return the number of bytes written
     * @throws IOException if the file cannot be written
     */
    public long writeTo(Path file) throws IOException {
        Assert.notNull(file, "file must not be null");
        try (OutputStream out = Files.newOutputStream(file)) {
            return writeTo(out);
        }
    }

    /**
     * Write the content to a stream, which stays open.
     * @param out the stream
     * @return the number of bytes written
     * @throws IOException if the stream cannot be written
     */
    public long writeTo(OutputStream out) throws IOException {
        Assert.notNull(out, "out must not be null");
        return this.body.transferTo(out);
    }

    /**
     * Release the connection. May be called more than once.
     */
    @Override
    public void close() {
        try {
            this.body.close();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
