package dev.outbound.client.vectors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import tools.jackson.databind.JsonNode;

import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

import static dev.outbound.client.vectors.Deviation.refused;
import static dev.outbound.client.vectors.Deviation.with;

/**
 * Where our field lines and bodies differ.
 */
final class MessageDeviations {

    private static final Pattern EXPONENT = Pattern.compile("([0-9])(?:\\.([0-9]+))?e(\\+|%2B|-)0*([0-9]+)");

    private static final Pattern GUESSED = Pattern.compile("filename=\"([^\"]+)\"\r\nContent-Type: ([^\r]*)\r\n");

    static final List<Deviation> RULES = List.of(
            new Deviation(List.of("query_params", "form_encoding", "multipart", "json_encoding"),
                    "writes large and small numbers as Python does: `1e+16`", "as Java does: `1.0E16`",
                    "a number has the text that it has in the rest of the program; both read the same",
                    (vector) -> EXPONENT.matcher(vector.json().path("out").toString()).find(),
                    with(MessageDeviations::javaNumbers)),
            new Deviation(List.of("timeouts"), "refuses a limit for one part where there is none for the others",
                    "the others have their defaults", "what is not said is as it always is",
                    (vector) -> vector.op().equals("make") && !vector.in().has("timeout") && vector.in().size() < 4,
                    (vector) -> Vector.JSON.valueToTree(Map.of("out", withDefaults(vector.in())))),
            new Deviation(List.of("timeouts"),
                    "keeps at most 20 of 100 connections when they are idle, and each for 5 seconds",
                    "keeps all of them, and each for 20 seconds",
                    "a pool that shrinks after each burst connects anew in the next; below 30 seconds no common"
                            + " server closes first",
                    (vector) -> vector.op().equals("limits"),
                    with((vector) -> Map.of("max_keepalive_connections", 100, "keepalive_expiry", 20))),
            new Deviation(List.of("header_merge"), "writes every method in capitals", "as the program wrote it",
                    "RFC 9110, section 9.1: methods have case, and `post` is another one than `POST`",
                    (vector) -> vector.op().equals("request")
                            && !vector.in().path("method").asString("").matches("[A-Z]+"),
                    with("headers", MessageDeviations::withoutLength)),
            new Deviation(List.of("header_merge"), "removing a header that is not there is an error",
                    "it changes nothing", "nothing is changed in place, so nothing can be missed",
                    (vector) -> vector.op().equals("change")
                            && vector.json().path("error").path("type").asString("").equals("NoSuchHeader"),
                    (vector) -> Vector.JSON.valueToTree(Map.of("out", Map.of("headers", withoutDeleted(vector.in()))))),
            new Deviation(List.of("header_merge"), "masks `Authorization` and `Proxy-Authorization` in logs only",
                    "every header is masked whose name has a word for credentials in it, cookies and API keys too",
                    "S53: secrets are printed nowhere",
                    (vector) -> vector.op().equals("view") && !masked(vector).equals(pairs(vector)),
                    with("text", MessageDeviations::masked)),
            new Deviation(List.of("header_merge"), "a comma in quotes separates the elements of a list", "it does not",
                    "RFC 9110, section 5.6.4",
                    (vector) -> vector.op().equals("get") && vector.in().path("headers").toString().contains("\\\""),
                    with("split", (vector) -> elements(vector.json().path("out").path("list")))),
            new Deviation(List.of("flows"), "a response that is not read has a `content` that fails",
                    "it is a `StreamedResponse`, which has no content but gives one: `read()`",
                    "the mistake is told by the compiler",
                    (vector) -> vector.in().has("chunks")
                            && vector.in().path("steps").path(0).asString("").equals("content"),
                    with("log",
                            (vector) -> log(vector,
                                    (step, entry) -> entry.path("error").asString("").equals("ResponseNotRead")
                                            ? Map.of("error", "NoSuchMethod") : entry))),
            new Deviation(List.of("flows"),
                    "a response that was made by hand has no request and no time, and refuses another encoding once its text was read",
                    "every response has all of them, and `text(charset)` reads it in any", "a response never changes",
                    (vector) -> vector.op().equals("response") && vector.in().has("content"),
                    with("log", (vector) -> log(vector, MessageDeviations::ofAResponse))),
            new Deviation(List.of("flows"), "a client is opened, and only once", "it is ready when it is built",
                    "`try` with resources closes and opens nothing",
                    (vector) -> vector.op().equals("client") && vector.in().path("steps").toString().contains("enter"),
                    with("log", (vector) -> log(vector,
                            (step, entry) -> step.equals("enter") ? Collections.singletonMap("value", null) : entry))),
            new Deviation(List.of("multipart"),
                    "looks for a boundary in `multipart/form-data` only if it is written so",
                    "in whatever case the media type is written", "RFC 9110, section 8.3.1: case does not matter",
                    (vector) -> vector.op().equals("boundary") && vector.in()
                        .path("content_type")
                        .asString("")
                        .matches("(?i)multipart/form-data;.*boundary=.*"),
                    with("boundary",
                            (vector) -> vector.in()
                                .path("content_type")
                                .asString()
                                .replaceFirst("(?i).*boundary=\"?([^\";]*).*", "$1"))),
            new Deviation(List.of("multipart"), "guesses a file's type from the table of the platform",
                    "from Spring's table, the same on every platform",
                    "the body of a request does not depend on the machine it is sent from",
                    (vector) -> vector.op().equals("encode") && !body(vector).equals(guessed(vector)),
                    with(MessageDeviations::withGuessedType)),
            new Deviation(List.of("link_header"), "takes a `Link` without `<` and `>` for the URL of a link",
                    "it is left out", "RFC 8288, section 3: it is not a link",
                    (vector) -> !vector.in().path("link").asString("").isBlank()
                            && !vector.in().path("link").asString().contains("<"),
                    with((vector) -> Map.of("links", Map.of(), "list", List.of()))),
            new Deviation(List.of("text_decoder"), "reads `charset*=` in the way of RFC 2231",
                    "a character set is read from `charset=` only", "RFC 9110, section 8.3.2 knows no other form",
                    (vector) -> vector.in().path("content_type").asString("").contains("charset*="),
                    with("charset", (vector) -> null)),
            new Deviation(List.of("text_decoder"), "knows `utf-8-sig`, which drops a byte order mark",
                    "it is unknown, so the text is read as UTF-8 and the mark stays", "only Python has the name",
                    (vector) -> vector.in().path("content_type").asString("").contains("utf-8-sig"),
                    with((vector) -> Map.of("encoding", "utf-8", "text",
                            new String(Base64.getDecoder().decode(vector.in().path("content_b64").asString()),
                                    StandardCharsets.UTF_8)))),
            new Deviation(List.of("json_encoding"), "reads `NaN` and `Infinity` in JSON",
                    "they are a `ConversionException`", "RFC 8259, section 6: they are not JSON",
                    (vector) -> vector.op().equals("decode")
                            && vector.json().path("out").path("value").toString().matches(".*(NaN|Infinity|inf|nan).*"),
                    refused("JsonError")),
            new Deviation(List.of("content_decoder"), "reads the first member of a gzip body only",
                    "all members, joined", "RFC 1952, section 2.2",
                    (vector) -> isGzip(vector)
                            && !allMembers(vector).equals(vector.json().path("out").path("content_b64").asString("")),
                    with((vector) -> Map.of("content_b64", allMembers(vector), "text",
                            new String(Base64.getDecoder().decode(allMembers(vector)), StandardCharsets.UTF_8)))));

    private MessageDeviations() {
    }

    private static List<Object> log(Vector vector, BiFunction<String, JsonNode, Object> entries) {
        List<Object> log = new ArrayList<>();
        for (int i = 0; i < vector.in().path("steps").size(); i++) {
            log.add(entries.apply(vector.in().path("steps").path(i).asString(),
                    vector.json().path("out").path("log").path(i)));
        }
        return log;
    }

    private static Object ofAResponse(String step, JsonNode entry) {
        return switch (step) {
            case "state" -> Collections.singletonMap("value", null);
            case "set_encoding" -> Map.of("value", "Hello, world!");
            case "elapsed" -> Map.of("value", 0);
            case "request" -> Map.of("value", "GET http://a.test/");
            default -> entry;
        };
    }

    private static List<JsonNode> withoutLength(Vector vector) {
        List<JsonNode> lines = new ArrayList<>();
        vector.json().path("out").path("headers").forEach(lines::add);
        lines.removeIf((line) -> line.path(0).asString("").equals("Content-Length"));
        return lines;
    }

    private static Map<String, JsonNode> withDefaults(JsonNode in) {
        Map<String, JsonNode> values = new HashMap<>();
        for (String part : List.of("connect", "read", "write", "pool")) {
            values.put(part, in.has(part) ? in.get(part) : Vector.JSON.getNodeFactory().numberNode(5));
        }
        return values;
    }

    private static Map<String, Object> javaNumbers(Vector vector) {
        Map<String, Object> keys = new HashMap<>();
        vector.json().path("out").propertyStream().forEach((entry) -> {
            if (entry.getKey().equals("items") || entry.getKey().equals("text") || entry.getKey().equals("body")) {
                keys.put(entry.getKey(), Vector.JSON.readTree(javaNumbers(entry.getValue().toString())));
            }
        });
        if (keys.get("body") instanceof JsonNode body) {
            byte[] bytes = body.asString().getBytes(StandardCharsets.UTF_8);
            keys.put("content_length", Integer.toString(bytes.length));
            if (vector.json().path("out").has("body_b64")) {
                keys.put("body_b64", Base64.getEncoder().encodeToString(bytes));
            }
        }
        return keys;
    }

    private static String javaNumbers(String text) {
        return EXPONENT.matcher(text).replaceAll((match) -> {
            String digits = (match.group(2) != null) ? match.group(2) : "0";
            return match.group(1) + "." + digits + "E" + (match.group(3).equals("-") ? "-" : "") + match.group(4);
        });
    }

    private static List<JsonNode> withoutDeleted(JsonNode in) {
        List<JsonNode> lines = new ArrayList<>();
        in.path("headers").forEach(lines::add);
        in.path("steps")
            .forEach((step) -> lines
                .removeIf((line) -> line.get(0).asString().equalsIgnoreCase(step.get(1).asString())));
        return lines;
    }

    private static List<List<String>> pairs(Vector vector) {
        List<List<String>> pairs = new ArrayList<>();
        vector.json()
            .path("out")
            .path("text")
            .forEach((pair) -> pairs.add(List.of(pair.get(0).asString(), pair.get(1).asString())));
        return pairs;
    }

    private static List<List<String>> masked(Vector vector) {
        return pairs(vector).stream()
            .map((pair) -> pair.get(0)
                .toLowerCase(Locale.ROOT)
                .matches(".*(auth|cookie|token|secret|key|password|signature|credential|session).*")
                        ? List.of(pair.get(0), "[secure]") : pair)
            .toList();
    }

    private static List<String> elements(JsonNode list) {
        List<String> elements = new ArrayList<>();
        list.forEach((value) -> {
            Matcher matcher = Pattern.compile("(?:\"(?:\\\\.|[^\"\\\\])*\"|[^,\"])+").matcher(value.asString());
            while (matcher.find()) {
                elements.add(matcher.group().trim());
            }
        });
        elements.removeIf(String::isEmpty);
        return elements;
    }

    private static String body(Vector vector) {
        return vector.json().path("out").path("body").asString("");
    }

    private static String guessed(Vector vector) {
        boolean given = vector.in().path("files").valueStream().anyMatch((file) -> file.hasNonNull("content_type"));
        return given ? body(vector) : GUESSED.matcher(body(vector))
            .replaceAll((match) -> Matcher.quoteReplacement(match.group()
                .replace("Content-Type: " + match.group(2), "Content-Type: "
                        + MediaTypeFactory.getMediaType(match.group(1)).orElse(MediaType.APPLICATION_OCTET_STREAM))));
    }

    private static Map<String, Object> withGuessedType(Vector vector) {
        byte[] body = guessed(vector).getBytes(StandardCharsets.UTF_8);
        return Map.of("body", guessed(vector), "body_b64", Base64.getEncoder().encodeToString(body), "content_length",
                Integer.toString(body.length));
    }

    private static boolean isGzip(Vector vector) {
        return vector.in().path("content_encoding").asString("").trim().equalsIgnoreCase("gzip");
    }

    private static String allMembers(Vector vector) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        vector.in().path("chunks_b64").forEach((chunk) -> all.writeBytes(Base64.getDecoder().decode(chunk.asString())));
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(all.toByteArray()))) {
            return Base64.getEncoder().encodeToString(in.readAllBytes());
        }
        catch (IOException ex) {
            return "";
        }
    }

}
