package dev.outbound.mock;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbound.client.http.Secrets;

/**
 * URLs within a text, whose secrets are not shown: user information, and parameters whose
 * names stand for credentials, such as those of a link that is signed.
 */
final class MaskedUrls {

    private static final Pattern URL = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*+://[^\\s\"<>]++");

    private static final Pattern USER_INFO = Pattern.compile("://[^/?#@]*+@");

    private static final Pattern PARAMETER = Pattern.compile("([?&#])([^=&#]++)=([^&#]++)");

    private MaskedUrls() {
    }

    static String in(String text) {
        if (!text.contains("://")) {
            return text;
        }
        return URL.matcher(text).replaceAll((url) -> Matcher.quoteReplacement(masked(url.group())));
    }

    private static String masked(String url) {
        String anonymous = USER_INFO.matcher(url).replaceFirst("://" + Secrets.MASK + "@");
        return PARAMETER.matcher(anonymous)
            .replaceAll((parameter) -> Matcher.quoteReplacement(parameter.group(1) + parameter.group(2) + "="
                    + (MaskedJson.isSecret(parameter.group(2)) ? Secrets.MASK : parameter.group(3))));
    }

}
