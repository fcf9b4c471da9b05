package dev.outbound.client.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.util.Assert;

/**
 * Collects the parts of a {@code multipart/form-data} body (RFC 7578). Not thread-safe;
 * what {@link #build()} returns is immutable.
 * <p>
 * Parts are written in the order they were given, and never buffered: a file is read
 * while the body is sent, each time it is sent.
 *
 * @since 0.1
 */
public final class Multipart {

    private final List<Part> parts = new ArrayList<>();

    /**
     * Add a field.
     * @param name the name
     * @param value the value, written in UTF-8
     * @return this
     */
    public Multipart field(String name, Object value) {
        Assert.notNull(value, () -> "value of part '" + name + "' must not be null");
        return part(name, null, RequestBody.bytes(value.toString().getBytes(StandardCharsets.UTF_8), null));
    }

    /**
     * Add a file, under its own name; its type is guessed from the extension.
     * @param name the name of the part
     * @param file the file
     * @return this
     */
    public Multipart file(String name, Path file) {
        Assert.notNull(file, () -> "file of part '" + name + "' must not be null");
        String fileName = String.valueOf(file.getFileName());
        return part(name, fileName, RequestBody.file(file));
    }

    /**
     * Add bytes as a file; its type is guessed from the extension of the file name.
     * @param name the name of the part
     * @param fileName the file name
     * @param content the bytes
     * @return this
     */
    public Multipart file(String name, String fileName, byte[] content) {
        return part(name, fileName, RequestBody.bytes(content));
    }

    /**
     * Add any body as a part.
     * @param name the name of the part
     * @param fileName the file name, or {@code null} for a plain field
     * @param content the content; its type is announced unless it is the unspecific
     * {@code application/octet-stream} and the file name tells a better one
     * @return this
     */
    public Multipart part(String name, @Nullable String fileName, RequestBody content) {
        Assert.hasLength(name, "name of a part must not be empty");
        Assert.notNull(content, () -> "content of part '" + name + "' must not be null");
        MediaType type = content.contentType();
        if (fileName != null && (type == null || type.equals(MediaType.APPLICATION_OCTET_STREAM))) {
            type = MediaTypeFactory.getMediaType(fileName).orElse(MediaType.APPLICATION_OCTET_STREAM);
        }
        StringBuilder head = new StringBuilder("Content-Disposition: form-data; name=\"").append(escape(name))
            .append('"');
        if (fileName != null) {
            head.append("; filename=\"").append(escape(fileName)).append('"');
        }
        head.append("\r\n");
        if (type != null) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        this.parts.add(new Part(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8), content));
        return this;
    }

    /** As browsers write a name (WHATWG, "multipart/form-data encoding algorithm"). */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                escaped.append("\\\\");
            }
            else if (c == '"' || (c < ' ' && c != 0x1b)) {
                escaped.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            }
            else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /**
     * Return the body, with a random boundary.
     * @return the body; repeatable when all of its parts are
     */
    public RequestBody build() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new MultipartBody(List.copyOf(this.parts),
                String.format(Locale.ROOT, "%016x%016x", random.nextLong(), random.nextLong()));
    }

    private record Part(byte[] head, RequestBody content) {
    }

    private static final class MultipartBody extends RequestBody {

        private final List<Part> parts;

        private final String boundary;

        MultipartBody(List<Part> parts, String boundary) {
            this.parts = parts;
            this.boundary = boundary;
        }

        @Override
        public MediaType contentType() {
            return MediaType.parseMediaType("multipart/form-data; boundary=" + this.boundary);
        }

        @Override
        public long contentLength() {
            long length = this.boundary.length() + 6L;
            for (Part part : this.parts) {
                long content = part.content.contentLength();
                if (content < 0) {
                    return -1;
                }
                length += this.boundary.length() + 4L + part.head.length + content + 2;
            }
            return length;
        }

        @Override
        public boolean isRepeatable() {
            return this.parts.stream().allMatch((part) -> part.content.isRepeatable());
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            byte[] delimiter = ("--" + this.boundary + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (Part part : this.parts) {
                out.write(delimiter);
                out.write(part.head);
                part.content.writeTo(out);
                out.write('\r');
                out.write('\n');
            }
            out.write(("--" + this.boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        }

    }

}
