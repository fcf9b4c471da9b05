package dev.outbound.boot.endpoint;

import java.util.Locale;
import java.util.regex.Pattern;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

import dev.outbound.client.http.Secrets;

/**
 * Masks the credentials of clients in the endpoints of Spring Boot that show properties,
 * also where {@code show-values} is {@code always}: that says that the one who asks may
 * see the configuration, which needs none of its secrets.
 * <p>
 * A property is a secret by its last part, or by the name of the header or parameter that
 * it is the value of; of a URL only the password is masked.
 */
final class ClientSecretsSanitizingFunction implements SanitizingFunction {

    private static final Pattern PREFIX = Pattern.compile("^outbound[._](clients|defaults)[._]");

    private static final Pattern NAMED_VALUES = Pattern.compile("[._](headers|query)[._\\[]");

    /** Words of ours and names of headers, whatever the keys are called. */
    private static final Pattern NO_SECRETS = Pattern
        .compile("[._](cookies|idempotency-?key|credential-?headers|proxy[._]authentication)$");

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]$|_\\d+_?$");

    /** Without a password, what stands for the name is likely to be a token. */
    private static final Pattern SECRET_IN_URL = Pattern.compile("(://(?:[^/@:\\s]*:)?)[^/@\\s]+@");

    @Override
    public SanitizableData apply(SanitizableData data) {
        String key = data.getKey().toLowerCase(Locale.ROOT);
        Object value = data.getValue();
        if (value == null || value instanceof Boolean || !PREFIX.matcher(key).find()) {
            return data;
        }
        if (isSecret(INDEX.matcher(key).replaceFirst(""))) {
            return data.withValue(Secrets.MASK);
        }
        String text = value.toString();
        String masked = SECRET_IN_URL.matcher(text).replaceAll("$1" + Secrets.MASK + "@");
        return masked.equals(text) ? data : data.withValue(masked);
    }

    private static boolean isSecret(String key) {
        boolean named = NAMED_VALUES.matcher(key).find();
        return (named || !NO_SECRETS.matcher(key).find()) && Secrets.isSecretHeader(nameOf(key));
    }

    private static String nameOf(String key) {
        String[] parts = NAMED_VALUES.split(key, 2);
        String last = parts[parts.length - 1];
        return (parts.length == 2) ? last : last.substring(Math.max(last.lastIndexOf('.'), last.lastIndexOf('_')) + 1);
    }

}
