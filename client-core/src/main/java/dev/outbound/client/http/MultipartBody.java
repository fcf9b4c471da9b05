package dev.outbound.client.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;

/**
 * Parts between boundaries (RFC 2046, section 5.1.1). Each is read while it is sent.
 */
final class MultipartBody extends RequestBody {

    private final List<Part> parts;

    private final String boundary;

    private final MediaType contentType;

    MultipartBody(List<Part> parts, String boundary, String contentType) {
        this.parts = parts;
        this.boundary = boundary;
        this.contentType = new VerbatimMediaType(contentType);
    }

    @Override
    public MediaType contentType() {
        return this.contentType;
    }

    @Override
    public RequestBody under(String contentType) {
        String boundary = Boundary.of(contentType);
        return (boundary != null) ? new MultipartBody(this.parts, Boundary.check(boundary), contentType) : this;
    }

    @Override
    public long contentLength() {
        long length = this.boundary.length() + 6L;
        for (Part part : this.parts) {
            long content = part.content().contentLength();
            if (content < 0) {
                return -1;
            }
            length += this.boundary.length() + 4L + part.head().length + content + 2;
        }
        return length;
    }

    @Override
    public boolean isRepeatable() {
        return this.parts.stream().allMatch((part) -> part.content().isRepeatable());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < this.parts.size(); i++) {
            out.write(before(i));
            this.parts.get(i).content().writeTo(out);
        }
        out.write(end());
    }

    @Override
    public Flux<DataBuffer> toFlux(DataBufferFactory factory) {
        List<Flux<DataBuffer>> pieces = new ArrayList<>();
        for (int i = 0; i < this.parts.size(); i++) {
            byte[] before = before(i);
            pieces.add(Flux.defer(() -> Flux.just(factory.wrap(before))));
            pieces.add(this.parts.get(i).content().toFlux(factory));
        }
        pieces.add(Flux.defer(() -> Flux.just(factory.wrap(end()))));
        return Flux.concat(pieces);
    }

    private byte[] before(int index) {
        byte[] delimiter = (((index > 0) ? "\r\n--" : "--") + this.boundary + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
        byte[] head = this.parts.get(index).head();
        byte[] before = new byte[delimiter.length + head.length];
        System.arraycopy(delimiter, 0, before, 0, delimiter.length);
        System.arraycopy(head, 0, before, delimiter.length, head.length);
        return before;
    }

    private byte[] end() {
        return ((this.parts.isEmpty() ? "--" : "\r\n--") + this.boundary + "--\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * One part.
     *
     * @param head its field lines and the empty line behind them
     * @param content what follows
     */
    record Part(byte[] head, RequestBody content) {
    }

    /** Is written as it was given; Spring's own text leaves spaces and quotes out. */
    private static final class VerbatimMediaType extends MediaType {

        private static final long serialVersionUID = 1L;

        private final String text;

        VerbatimMediaType(String text) {
            super(MediaType.parseMediaType(text));
            this.text = text;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }

        @Override
        public String toString() {
            return this.text;
        }

    }

}
