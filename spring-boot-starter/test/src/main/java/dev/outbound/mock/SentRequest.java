package dev.outbound.mock;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.QueryParams;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.RequestBody;
import dev.outbound.client.http.Url;

/**
 * A request as a mock upstream gets it: with the fields that a connection would add, and
 * its body read. Immutable.
 *
 * @since 0.1
 */
public final class SentRequest {

    private final Request request;

    private final byte[] body;

    private final String path;

    private final String encodedPath;

    private final Map<String, String> variables;

    private SentRequest(Request request, byte[] body, String path, String encodedPath, Map<String, String> variables) {
        this.request = request;
        this.body = body;
        this.path = path;
        this.encodedPath = encodedPath;
        this.variables = variables;
    }

    /** Return the request as it arrives, its body being in memory. */
    static SentRequest of(Request request, byte[] body) {
        RequestBody original = request.body();
        Request sent = request;
        if (original != null && original.bytes() == null) {
            sent = request.withBody(RequestBody.bytes(body, original.contentType()));
        }
        Url url = request.url();
        return new SentRequest(sent.withFields(arriving(request, body)), body, url.decodedPath(),
                url.path().isEmpty() ? "/" : url.path(), Map.of());
    }

    private static FieldLines arriving(Request request, byte[] body) {
        FieldLines fields = request.fields();
        if (!fields.contains(HttpHeaders.HOST)) {
            fields = fields.with(HttpHeaders.HOST, request.url().authority());
        }
        RequestBody original = request.body();
        if (original == null) {
            return fields;
        }
        MediaType type = original.contentType();
        if (type != null && !fields.contains(HttpHeaders.CONTENT_TYPE)) {
            fields = fields.with(HttpHeaders.CONTENT_TYPE, type.toString());
        }
        if (!fields.contains(HttpHeaders.CONTENT_LENGTH) && !fields.contains(HttpHeaders.TRANSFER_ENCODING)) {
            fields = (original.contentLength() >= 0)
                    ? fields.with(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length))
                    : fields.with(HttpHeaders.TRANSFER_ENCODING, "chunked");
        }
        return fields;
    }

    /** Return this request as a router sees it whose base URL has a path. */
    SentRequest withPath(String path, String encodedPath) {
        return new SentRequest(this.request, this.body, path, encodedPath, this.variables);
    }

    /** Return the path, with the slashes within its segments told from those between. */
    String encodedPath() {
        return this.encodedPath;
    }

    SentRequest withVariables(Map<String, String> variables) {
        return new SentRequest(this.request, this.body, this.path, this.encodedPath, variables);
    }

    /**
     * Return the request as the transport was given it, with the fields of its arrival.
     * @return the request
     */
    public Request request() {
        return this.request;
    }

    public HttpMethod method() {
        return this.request.method();
    }

    public Url url() {
        return this.request.url();
    }

    /**
     * Return the path.
     * @return the path, decoded; below the router's base URL where it has one
     */
    public String path() {
        return this.path;
    }

    public QueryParams params() {
        return url().params();
    }

    /**
     * Return the field lines, those among them that a connection adds: {@code Host},
     * {@code Content-Type}, and {@code Content-Length} or {@code Transfer-Encoding}.
     * @return the lines
     */
    public FieldLines fields() {
        return this.request.fields();
    }

    /**
     * Return the value of the first field line of that name.
     * @param name the name, in any case
     * @return the value, or {@code null}
     */
    public @Nullable String header(String name) {
        return fields().first(name);
    }

    /**
     * Return the cookies that the request brings.
     * @return values by name, in order
     */
    public Map<String, List<String>> cookies() {
        Map<String, List<String>> cookies = new LinkedHashMap<>();
        for (String line : fields().all(HttpHeaders.COOKIE)) {
            for (String pair : line.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String value = pair.substring(equals + 1).strip();
                    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                    cookies.computeIfAbsent(pair.substring(0, equals).strip(), (name) -> new ArrayList<>())
                        .add(quoted ? value.substring(1, value.length() - 1) : value);
                }
            }
        }
        return cookies;
    }

    /**
     * Return the body.
     * @return a copy of its bytes, none where there is no body
     */
    public byte[] bytes() {
        return this.body.clone();
    }

    byte[] body() {
        return this.body;
    }

    /**
     * Return the body as text.
     * @return the text, in the character set of {@code Content-Type} or UTF-8
     */
    public String text() {
        MediaType type = contentType();
        Charset charset = (type != null) ? type.getCharset() : null;
        return new String(this.body, (charset != null) ? charset : StandardCharsets.UTF_8);
    }

    /**
     * Return the body as JSON, whatever its {@code Content-Type}.
     * @return the tree
     * @throws IllegalStateException if the body is not JSON
     */
    public JsonNode json() {
        try {
            return Json.parse(this.body);
        }
        catch (JacksonException ex) {
            throw new IllegalStateException("The body of " + this.request + " is not JSON: " + ex.getOriginalMessage(),
                    ex);
        }
    }

    /**
     * Return the fields of a form: of a URL-encoded body, or the parts without file name
     * of a multipart body.
     * @return values by name, in order
     */
    public Map<String, List<String>> form() {
        Map<String, List<String>> form = new LinkedHashMap<>();
        if (isUrlEncoded()) {
            QueryParams.parse(text())
                .forEach((name, value) -> form.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value));
        }
        for (MultipartReader.Part part : parts()) {
            if (part.fileName() == null) {
                form.computeIfAbsent(part.name(), (key) -> new ArrayList<>())
                    .add(new String(part.content(), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    /**
     * Return the parts with a file name of a multipart body.
     * @return the files in order
     */
    public List<SentFile> files() {
        List<SentFile> files = new ArrayList<>();
        for (MultipartReader.Part part : parts()) {
            if (part.fileName() != null) {
                files.add(new SentFile(part.name(), part.fileName(), part.contentType(), part.content()));
            }
        }
        return files;
    }

    boolean isUrlEncoded() {
        MediaType type = contentType();
        return type != null && type.isCompatibleWith(MediaType.APPLICATION_FORM_URLENCODED);
    }

    boolean isMultipart() {
        return boundary() != null;
    }

    private @Nullable String boundary() {
        MediaType type = contentType();
        return (type != null && type.getType().equals("multipart")) ? type.getParameter("boundary") : null;
    }

    List<MultipartReader.Part> parts() {
        String boundary = boundary();
        if (boundary == null) {
            return List.of();
        }
        boolean quoted = boundary.length() > 1 && boundary.startsWith("\"");
        return MultipartReader.read(this.body, quoted ? boundary.substring(1, boundary.length() - 1) : boundary);
    }

    @Nullable MediaType contentType() {
        String type = header(HttpHeaders.CONTENT_TYPE);
        try {
            return (type != null) ? MediaType.parseMediaType(type) : null;
        }
        catch (IllegalArgumentException ex) {
            return null;
        }
    }

    /**
     * Return what the pattern of the route took out of the request.
     * @return variables of a path template and named groups of expressions
     */
    public Map<String, String> variables() {
        return this.variables;
    }

    /**
     * Return a variable of the path template, or a named group of an expression.
     * @param name its name
     * @return its value
     * @throws IllegalArgumentException if the route's pattern has none of that name
     */
    public String variable(String name) {
        String value = this.variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The route takes no variable '" + name + "' out of the request, but " + this.variables.keySet());
        }
        return value;
    }

    /**
     * Return method and URL, for a log.
     */
    @Override
    public String toString() {
        return method() + " " + url();
    }

}
