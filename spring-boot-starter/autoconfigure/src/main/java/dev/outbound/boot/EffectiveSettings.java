package dev.outbound.boot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;

import dev.outbound.boot.Key.Kind;
import dev.outbound.client.http.Secrets;
import dev.outbound.client.http.Url;

/**
 * Every property that holds for a client, whether somebody wrote it or not, and where.
 */
final class EffectiveSettings {

    private final BoundClient client;

    private final BeanWrapper properties;

    /** What the configuration says are credentials, beside those whose names do. */
    private final Set<String> credentialHeaders = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private final List<ClientSetting> settings = new ArrayList<>();

    private EffectiveSettings(BoundClient client) {
        this.client = client;
        client.properties()
            .getRedirects()
            .getCredentialHeaders()
            .forEach((name) -> this.credentialHeaders.add("headers." + name));
        this.properties = new BeanWrapperImpl(client.properties());
    }

    static List<ClientSetting> of(BoundClient client) {
        EffectiveSettings effective = new EffectiveSettings(client);
        List<String> absent = new ArrayList<>();
        for (Key key : Schema.CLIENT.keys()) {
            if (absent.stream().noneMatch(key::isIn)) {
                Object value = effective.properties.getPropertyValue(key.property());
                effective.add(key, value);
                if (value == null && key.is(Kind.BLOCK)) {
                    absent.add(key.path());
                }
            }
        }
        return List.copyOf(effective.settings);
    }

    private void add(Key key, @Nullable Object value) {
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((name, entry) -> add(key.path() + "." + name,
                    key.path().equals("headers") ? BoundClient.header(String.valueOf(name)) : key.path() + "." + name,
                    entry));
        }
        else if (!key.is(Kind.BLOCK) || value == null) {
            add(key.path(), key.path(), value);
        }
    }

    private void add(String property, String id, @Nullable Object value) {
        ConfiguredValue written = this.client.value(id);
        if (value == null && written == null) {
            return;
        }
        String text = (value != null) ? text(value) : null;
        boolean masked = text != null && !text.isEmpty() && (ShownValue.isSecret(this.client.path(property))
                || this.credentialHeaders.contains(property) || (written != null && written.secret()));
        this.settings.add(
                new ClientSetting(property, masked ? Secrets.MASK : text, (written != null) ? written.origin() : null));
    }

    private static String text(Object value) {
        if (value instanceof Collection<?> values) {
            return values.stream().map(EffectiveSettings::text).collect(Collectors.joining(", "));
        }
        if (value instanceof Duration duration) {
            return DurationText.shown(duration);
        }
        if (value instanceof Url url) {
            return url.redacted();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return ShownValue.url(value.toString());
    }

}
