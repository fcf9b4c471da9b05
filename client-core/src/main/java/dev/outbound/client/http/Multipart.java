package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Collects the parts of a {@code multipart/form-data} body (RFC 7578). Not thread-safe;
 * what {@link #build()} returns is immutable.
 * <p>
 * Parts are written in the order they were given, and never buffered: a file is read
 * while the body is sent, each time it is sent. Names are written as browsers do: UTF-8,
 * with a double quote and control characters percent-encoded and a backslash doubled. A
 * file name is sent as it is given, with the directories that it may name.
 *
 * <pre class="code">
 * client.post("/files", r -&gt; r.multipart(m -&gt; m.field("title", "Report").file("file", path)));
 * </pre>
 *
 * @since 0.1
 */
public final class Multipart {

    /** What HTTPX calls a file that has no name of its own. */
    private static final String UNNAMED = "upload";

    private final List<MultipartBody.Part> parts = new ArrayList<>();

    private @Nullable String boundary;

    /**
     * Add a field.
     * @param name the name
     * @param value a text, number, boolean, date, or other simple value, written in
     * UTF-8; bytes are written as they are, {@code null} as an empty text, an
     * {@link Iterable} as one field for each of its values
     * @return this
     * @throws IllegalArgumentException if the value is of another kind
     */
    public Multipart field(String name, @Nullable Object value) {
        if (value instanceof Iterable<?> values && !(value instanceof Path)) {
            values.forEach((single) -> single(name, single));
            return this;
        }
        return single(name, value);
    }

    private Multipart single(String name, @Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return part(name, null, RequestBody.bytes(bytes, null));
        }
        if (value != null && !ClassUtils.isSimpleValueType(value.getClass())) {
            throw new IllegalArgumentException("The value of field '" + Text.escape(name, 60) + "' is a "
                    + value.getClass().getName() + "; give text, a number, a boolean or bytes, or use part(…)");
        }
        String text = (value != null) ? value.toString() : "";
        return part(name, null, RequestBody.bytes(text.getBytes(StandardCharsets.UTF_8), null));
    }

    /**
     * Add a file, under its own name; its type is guessed from the extension.
     * @param name the name of the part
     * @param file the file
     * @return this
     */
    public Multipart file(String name, Path file) {
        return file(name, file, MediaType.APPLICATION_OCTET_STREAM);
    }

    /**
     * Add a file of a type, under its own name.
     * @param name the name of the part
     * @param file the file
     * @param contentType the type
     * @return this
     */
    public Multipart file(String name, Path file, MediaType contentType) {
        Assert.notNull(file, () -> "file of part '" + Text.escape(name, 60) + "' must not be null");
        Path fileName = file.getFileName();
        return part(name, (fileName != null) ? fileName.toString() : UNNAMED, RequestBody.file(file, contentType));
    }

    /**
     * Add bytes as a file without a name of its own, which is sent as {@code upload}.
     * @param name the name of the part
     * @param content the bytes
     * @return this
     */
    public Multipart file(String name, byte[] content) {
        return file(name, UNNAMED, content);
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
     * Add bytes as a file of a type.
     * @param name the name of the part
     * @param fileName the file name
     * @param content the bytes
     * @param contentType the type
     * @return this
     */
    public Multipart file(String name, String fileName, byte[] content, MediaType contentType) {
        return part(name, fileName, RequestBody.bytes(content, contentType));
    }

    /**
     * Add any body as a part: one that is read from a stream, for example.
     * @param name the name of the part
     * @param fileName the file name; {@code null} or an empty text for none
     * @param content the content; its type is announced unless it is the unspecific
     * {@code application/octet-stream} and the file name tells a better one, or there is
     * no file name
     * @return this
     */
    public Multipart part(String name, @Nullable String fileName, RequestBody content) {
        return part(name, fileName, content, FieldLines.empty());
    }

    /**
     * Add any body as a part with further field lines.
     * @param name the name of the part
     * @param fileName the file name; {@code null} or an empty text for none
     * @param content the content
     * @param headers the lines behind {@code Content-Disposition}; a {@code Content-Type}
     * among them takes the place of the content's
     * @return this
     */
    public Multipart part(String name, @Nullable String fileName, RequestBody content, FieldLines headers) {
        Assert.notNull(name, "name of a part must not be null");
        Assert.notNull(content, () -> "content of part '" + Text.escape(name, 60) + "' must not be null");
        Assert.isTrue(!headers.contains("Content-Disposition"),
                () -> "part '" + Text.escape(name, 60) + "' has a Content-Disposition already; remove yours");
        boolean named = fileName != null && !fileName.isEmpty();
        StringBuilder head = new StringBuilder("Content-Disposition: form-data; name=\"").append(escape(name))
            .append('"');
        if (fileName != null && named) {
            head.append("; filename=\"").append(escape(fileName)).append('"');
        }
        head.append("\r\n");
        headers.forEach((header, value) -> head.append(header).append(": ").append(value).append("\r\n"));
        MediaType type = type(named ? fileName : null, content.contentType());
        if (type != null && !headers.contains("Content-Type")) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        byte[] bytes = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        this.parts.add(new MultipartBody.Part(bytes, content));
        return this;
    }

    private static @Nullable MediaType type(@Nullable String fileName, @Nullable MediaType type) {
        boolean unspecific = type == null || type.equals(MediaType.APPLICATION_OCTET_STREAM);
        if (!unspecific) {
            return type;
        }
        return (fileName != null) ? MediaTypeFactory.getMediaType(fileName).orElse(MediaType.APPLICATION_OCTET_STREAM)
                : null;
    }

    /** As browsers write a name (WHATWG, "multipart/form-data encoding algorithm"). */
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
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
     * Set what stands between the parts, instead of 128 random bits. No part may contain
     * it; that is not checked.
     * @param boundary 1 to 70 letters, digits and {@code '()+_,-./:=?}
     * @return this
     * @throws IllegalArgumentException if it is not a boundary
     */
    public Multipart boundary(String boundary) {
        Assert.notNull(boundary, "boundary must not be null");
        this.boundary = Boundary.check(boundary);
        return this;
    }

    /**
     * Return the body.
     * @return the body; repeatable when all of its parts are
     */
    public RequestBody build() {
        String boundary = (this.boundary != null) ? this.boundary : Boundary.random();
        return new MultipartBody(List.copyOf(this.parts), boundary, Boundary.contentType(boundary));
    }

}
