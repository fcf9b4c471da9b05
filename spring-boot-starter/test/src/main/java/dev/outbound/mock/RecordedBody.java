package dev.outbound.mock;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import dev.outbound.client.http.Secrets;

/**
 * A body as it stands in a cassette: in the form that reads best, and without secrets.
 *
 * @param form {@code json}, {@code form}, {@code parts}, {@code text} or {@code base64};
 * {@code null} where there is no body
 * @param value what stands there
 */
record RecordedBody(@Nullable String form, JsonNode value) implements RequestPattern {

    private static final List<String> FORMS = List.of("json", "form", "parts", "text", "base64");

    private static final RecordedBody NONE = new RecordedBody(null, Json.object());

    /** Return the body of a request: forms without what is different each time. */
    static RecordedBody of(SentRequest request) {
        if (request.isMultipart()) {
            return new RecordedBody("parts", parts(request.parts()));
        }
        if (request.isUrlEncoded()) {
            ObjectNode form = Json.object();
            request.form().forEach((name, values) -> {
                ArrayNode all = form.putArray(name);
                values.forEach((value) -> all.add(masked(name, value)));
            });
            return new RecordedBody("form", form);
        }
        return of(request.body());
    }

    static RecordedBody of(byte[] body) {
        if (body.length == 0) {
            return NONE;
        }
        String text = text(body);
        if (text == null) {
            return new RecordedBody("base64", Json.text(Base64.getEncoder().encodeToString(body)));
        }
        try {
            JsonNode json = Json.parseExactly(text);
            // A lone number or word would come back in another spelling.
            if (json.isContainer()) {
                // A number stays one, so that it can still be read.
                return new RecordedBody("json", MaskedJson.masked(json, false,
                        (value) -> value.isNumber() ? Json.zero() : Json.text(Secrets.MASK)));
            }
        }
        catch (JacksonException ex) {
            // Not JSON: text is kept as it is.
            return new RecordedBody("text", Json.text(MaskedUrls.in(Secrets.maskFields(text))));
        }
        return new RecordedBody("text", Json.text(MaskedUrls.in(text)));
    }

    private static @Nullable String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        }
        catch (CharacterCodingException ex) {
            return null;
        }
    }

    private static ArrayNode parts(List<MultipartReader.Part> parts) {
        ArrayNode all = Json.array();
        for (MultipartReader.Part part : parts) {
            ObjectNode node = all.addObject();
            node.put("name", part.name());
            if (part.fileName() != null) {
                node.put("fileName", part.fileName());
            }
            if (part.contentType() != null) {
                node.put("contentType", part.contentType());
            }
            if (MaskedJson.isSecret(part.name())) {
                node.put("text", Secrets.MASK);
            }
            else {
                of(part.content()).writeTo(node);
            }
        }
        return all;
    }

    private static String masked(String name, String value) {
        return MaskedJson.isSecret(name) ? Secrets.MASK : MaskedUrls.in(value);
    }

    /** Return what stands for the body on one side of a cassette. */
    static RecordedBody read(JsonNode side) {
        for (String form : FORMS) {
            if (side.has(form)) {
                return new RecordedBody(form, side.get(form));
            }
        }
        return NONE;
    }

    void writeTo(ObjectNode side) {
        if (this.form != null) {
            side.set(this.form, this.value);
        }
    }

    /** Return the bytes of a response. */
    byte[] bytes() {
        if (this.form == null) {
            return new byte[0];
        }
        if (this.form.equals("base64")) {
            return Base64.getDecoder().decode(this.value.asString());
        }
        String text = this.form.equals("text") ? this.value.asString() : this.value.toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Comparison compare(SentRequest request) {
        RecordedBody actual = of(request);
        if (this.form != null && this.form.equals(actual.form) && this.value.isContainer()) {
            return Json.difference(this.form, this.value, actual.value);
        }
        return Comparison.of(new Comparison.Part("body", shown(), actual.shown(), equals(actual)), Map.of());
    }

    private String shown() {
        return (this.form != null) ? this.value.toString() : "none";
    }

    @Override
    public String toString() {
        return "body " + shown();
    }

}
