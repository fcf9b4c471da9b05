package dev.outbound.client.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Reads the challenges of one field line (RFC 9110, section 11.6.1), of which there can
 * be several. A comma stands between the parameters of a challenge and between challenges
 * alike: what follows it is a parameter if an equals sign is behind it, else the next
 * scheme.
 * <p>
 * What follows a mistake is not read: the challenge in which it is made says so, and
 * those before it are good.
 */
final class ChallengeParser {

    private final String text;

    private final List<Challenge> challenges = new ArrayList<>(2);

    private int position;

    private ChallengeParser(String text) {
        this.text = text;
    }

    static List<Challenge> parse(String line) {
        ChallengeParser parser = new ChallengeParser(line);
        parser.challenges();
        return parser.challenges;
    }

    /** Read a list of parameters without a scheme, as {@code Authentication-Info} has. */
    static Challenge parameters(String line) {
        ChallengeParser parser = new ChallengeParser(line);
        Challenge parameters = new Challenge("");
        parser.challenges.add(parameters);
        parser.challenges();
        return parameters;
    }

    private void challenges() {
        Challenge current = this.challenges.isEmpty() ? null : this.challenges.get(0);
        while (skip(" \t,")) {
            String token = token();
            if (token.isEmpty()) {
                fail(current, "a name was expected at position " + this.position);
                return;
            }
            int afterToken = this.position;
            skip(" \t");
            if (current != null && at('=')) {
                String problem = parameter(current, token);
                if (problem != null) {
                    fail(current, problem);
                    return;
                }
            }
            else {
                this.position = afterToken;
                current = new Challenge(token);
                this.challenges.add(current);
                token68(current);
            }
        }
    }

    private @Nullable String parameter(Challenge challenge, String name) {
        this.position++;
        skip(" \t");
        String value = at('"') ? quoted() : unquoted();
        if (value == null) {
            return "the quoted value of '" + name + "' does not end";
        }
        skip(" \t");
        if (this.position < this.text.length() && !at(',')) {
            return "a comma was expected after '" + name + "'";
        }
        challenge.add(name.toLowerCase(Locale.ROOT), value);
        return null;
    }

    /** What Negotiate and its like have in the place of parameters. */
    private void token68(Challenge challenge) {
        int start = this.position;
        if (!skip(" \t") || this.position == start) {
            return;
        }
        int end = this.position;
        while (end < this.text.length() && (isToken(this.text.charAt(end)) || this.text.charAt(end) == '/')) {
            end++;
        }
        int equals = end;
        while (equals < this.text.length() && this.text.charAt(equals) == '=') {
            equals++;
        }
        int next = equals;
        while (next < this.text.length() && isSpace(this.text.charAt(next))) {
            next++;
        }
        if (end > this.position && (next == this.text.length() || this.text.charAt(next) == ',')) {
            challenge.add("", this.text.substring(this.position, equals));
            this.position = next;
        }
    }

    private String token() {
        int start = this.position;
        while (this.position < this.text.length() && isToken(this.text.charAt(this.position))) {
            this.position++;
        }
        return this.text.substring(start, this.position);
    }

    private @Nullable String quoted() {
        StringBuilder value = new StringBuilder();
        for (int i = this.position + 1; i < this.text.length(); i++) {
            char c = this.text.charAt(i);
            if (c == '"') {
                this.position = i + 1;
                return value.toString();
            }
            if (c == '\\' && i + 1 < this.text.length()) {
                c = this.text.charAt(++i);
            }
            value.append(c);
        }
        return null;
    }

    /** More than a token: servers forget the quotes of a nonce in Base64. */
    private String unquoted() {
        int start = this.position;
        while (this.position < this.text.length() && " \t,\"".indexOf(this.text.charAt(this.position)) < 0) {
            this.position++;
        }
        return this.text.substring(start, this.position);
    }

    private static void fail(@Nullable Challenge challenge, String problem) {
        if (challenge != null) {
            challenge.malformed(problem);
        }
    }

    /** Go on behind the given characters; return whether there is more. */
    private boolean skip(String characters) {
        while (this.position < this.text.length() && characters.indexOf(this.text.charAt(this.position)) >= 0) {
            this.position++;
        }
        return this.position < this.text.length();
    }

    private boolean at(char c) {
        return this.position < this.text.length() && this.text.charAt(this.position) == c;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isToken(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

}
