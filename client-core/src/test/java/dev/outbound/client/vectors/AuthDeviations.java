package dev.outbound.client.vectors;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import static dev.outbound.client.vectors.Deviation.refused;
import static dev.outbound.client.vectors.Deviation.with;

/**
 * Where our authentication differs.
 */
final class AuthDeviations {

    private static final Pattern PARAM = Pattern.compile("(\\w+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\",\\s]+))");

    private static final Pattern SECOND_IN_LINE = Pattern.compile("(?i)(?!digest ).*, *(digest +.*)");

    static final List<Deviation> RULES = List.of(
            new Deviation(List.of("basic_auth"), "takes a colon in a user name, and control characters",
                    "both are an `IllegalArgumentException`",
                    "RFC 7617, section 2: no server could tell name and password apart (S10)",
                    (vector) -> vector.op().equals("header") && !isBasic(vector.in()), refused("InvalidArgument")),
            new Deviation(List.of("digest_auth"), "fails where a server insists on `auth-int`",
                    "the body is hashed and the challenge answered", "RFC 7616, section 3.4.3",
                    (vector) -> vector.op().equals("answer") && "auth-int".equals(param(challenge(vector), "qop")),
                    with("authorization", (vector) -> answer(vector, challenge(vector)))),
            new Deviation(List.of("digest_auth"), "does not look for a challenge behind another one of the same line",
                    "all challenges of a line are read", "RFC 9110, section 11.6.1",
                    (vector) -> vector.op().equals("answer") && SECOND_IN_LINE.matcher(challenge(vector)).matches(),
                    with("authorization",
                            (vector) -> answer(vector, SECOND_IN_LINE.matcher(challenge(vector)).replaceFirst("$1")))),
            new Deviation(List.of("digest_auth"), "does not escape quotes and backslashes in `Authorization`",
                    "they are escaped",
                    "RFC 9110, section 5.6.4: they end the value, and what follows is another field",
                    (vector) -> vector.op().equals("answer") && (challenge(vector) + username(vector)).contains("\\")
                            || username(vector).contains("\""),
                    with("authorization", AuthDeviations::escaped)),
            new Deviation(List.of("digest_auth"), "sends a user name outside of ASCII as it is, in UTF-8",
                    "it is sent as `username*`", "RFC 7616, section 3.4: a quoted text cannot hold it",
                    (vector) -> vector.op().equals("answer") && !username(vector).matches("\\p{ASCII}*"),
                    with("authorization",
                            (vector) -> authorization(vector)
                                .replace('"' + username(vector) + '"', "*UTF-8''" + percentEncoded(username(vector)))
                                .replace("username=*", "username*="))),
            new Deviation(List.of("digest_auth"), "answers other servers unasked, with the challenge of the first one",
                    "a challenge is for the origin that it came from",
                    "a server must not get what was made for another one (S48)",
                    (vector) -> vector.op().equals("sequence") && origins(vector).size() > 1,
                    with("authorizations", AuthDeviations::byOrigin)));

    private AuthDeviations() {
    }

    private static boolean isBasic(JsonNode in) {
        String username = in.path("username").asString("");
        String password = in.path("password").asString("");
        if (in.path("bytes").asBoolean(false)) {
            username = new String(Base64.getDecoder().decode(username), StandardCharsets.ISO_8859_1);
            password = new String(Base64.getDecoder().decode(password), StandardCharsets.ISO_8859_1);
        }
        return !username.contains(":") && (username + password).chars().noneMatch((c) -> c < ' ' || c == 0x7f);
    }

    private static String username(Vector vector) {
        return vector.in().path("username").asString("");
    }

    private static String authorization(Vector vector) {
        return vector.json().path("out").path("authorization").asString("");
    }

    private static String challenge(Vector vector) {
        return vector.in().path("www_authenticate").path(0).asString("");
    }

    private static @Nullable String param(String challenge, String name) {
        Matcher matcher = PARAM.matcher(challenge);
        while (matcher.find()) {
            if (matcher.group(1).equalsIgnoreCase(name)) {
                return (matcher.group(2) != null) ? matcher.group(2) : matcher.group(3);
            }
        }
        return null;
    }

    /** The answer to a challenge for MD5, to a request without a body. */
    private static String answer(Vector vector, String challenge) {
        String uri = vector.in().path("url").asString("").replaceFirst("^https?://[^/]*", "");
        String realm = param(challenge, "realm");
        String nonce = param(challenge, "nonce");
        String opaque = param(challenge, "opaque");
        String qop = param(challenge, "qop");
        String clientNonce = vector.in().path("cnonce").asString("0a4f113b");
        String a1 = md5(username(vector) + ":" + realm + ":" + vector.in().path("password").asString(""));
        String a2 = md5("GET:" + uri + ("auth-int".equals(qop) ? ":" + md5("") : ""));
        String middle = (qop != null) ? "00000001:" + clientNonce + ":" + qop + ":" : "";
        return "Digest username=\"" + username(vector) + "\", realm=\"" + realm + "\", nonce=\"" + nonce + "\", uri=\""
                + uri + "\", response=\"" + md5(a1 + ":" + nonce + ":" + middle + a2) + "\", algorithm=MD5"
                + ((opaque != null) ? ", opaque=\"" + opaque + '"' : "")
                + ((qop != null) ? ", qop=" + qop + ", nc=00000001, cnonce=\"" + clientNonce + '"' : "");
    }

    private static String md5(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        }
        catch (NoSuchAlgorithmException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static String escaped(Vector vector) {
        String escaped = authorization(vector).replace('"' + username(vector) + '"',
                '"' + username(vector).replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        for (String name : List.of("realm", "nonce", "opaque")) {
            String value = param(challenge(vector), name);
            if (value != null) {
                escaped = escaped.replace(name + "=\"" + value.replaceAll("\\\\(.)", "$1") + '"',
                        name + "=\"" + value + '"');
            }
        }
        return escaped;
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            encoded.append(Character.isLetterOrDigit(b) ? String.valueOf((char) b) : String.format("%%%02X", b));
        }
        return encoded.toString();
    }

    private static Set<String> origins(Vector vector) {
        Set<String> origins = new HashSet<>();
        vector.in().path("steps").forEach((step) -> origins.add(origin(step)));
        return origins;
    }

    private static String origin(JsonNode step) {
        return step.path("url").asString("").replaceFirst("(://[^/]*).*", "$1");
    }

    /** What was sent to an origin before it asked goes without. */
    private static List<@Nullable String> byOrigin(Vector vector) {
        List<@Nullable String> sent = new ArrayList<>();
        vector.json().path("out").path("authorizations").forEach((value) -> sent.add(value.asString(null)));
        Set<String> asked = new HashSet<>();
        int index = 0;
        for (JsonNode step : vector.in().path("steps")) {
            if (!asked.contains(origin(step))) {
                sent.set(index, null);
            }
            index++;
            if (step.hasNonNull("challenge")) {
                asked.add(origin(step));
                index++;
            }
        }
        return sent;
    }

}
