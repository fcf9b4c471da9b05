package dev.outbound.boot;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.outbound.boot.Key.Kind;

/**
 * The name of an environment variable: without case, dashes and dots, so that it has a
 * meaning only beside the names that are declared elsewhere.
 * {@code OUTBOUND_CLIENTS_MYAPI_BASEURL} and {@code OUTBOUND_CLIENTS_MY_API_BASE_URL} are
 * the same.
 *
 * @param parts what is between the underscores, in lower case
 */
record EnvironmentVariable(List<String> parts) {

    static EnvironmentVariable of(String name) {
        return new EnvironmentVariable(Arrays.stream(name.toLowerCase(Locale.ROOT).split("[_.\\[\\]]+"))
            .map(PropertyPath::uniform)
            .filter((part) -> !part.isEmpty())
            .toList());
    }

    /**
     * Whether it is about a client or the defaults; others may belong to something else.
     */
    boolean isOurs() {
        return startsWith("clients") || startsWith("defaults");
    }

    boolean startsWith(String block) {
        return this.parts.size() > 2 && this.parts.get(0).equals("outbound") && this.parts.get(1).equals(block);
    }

    /** The rest behind a client's name, or {@code null} if it is about something else. */
    @Nullable EnvironmentVariable within(String client) {
        String uniform = PropertyPath.uniform(client);
        for (int i = 3; i < this.parts.size() && startsWith("clients"); i++) {
            if (join(2, i).equals(uniform)) {
                return from(i);
            }
        }
        return null;
    }

    EnvironmentVariable from(int position) {
        return new EnvironmentVariable(this.parts.subList(position, this.parts.size()));
    }

    private String join(int start, int end) {
        return String.join("", this.parts.subList(start, end));
    }

    /**
     * Return the key that is meant.
     * @param entries the names of headers and parameters that are declared anywhere
     */
    Schema.@Nullable Match match(Schema schema, Collection<Schema.Match> entries) {
        int size = this.parts.size();
        boolean indexed = size > 1 && this.parts.get(size - 1).chars().allMatch(Character::isDigit);
        String all = join(0, size);
        String start = indexed ? join(0, size - 1) : all;
        for (Key key : schema.keys()) {
            String uniform = PropertyPath.uniform(key.path());
            if (uniform.equals(all) && !key.is(Kind.MAP)) {
                return new Schema.Match(key, "", null);
            }
            if (indexed && uniform.equals(start) && key.is(Kind.LIST)) {
                return new Schema.Match(key, "", Integer.valueOf(this.parts.get(size - 1)));
            }
        }
        for (Schema.Match entry : entries) {
            if (PropertyPath.uniform(entry.key().path() + entry.entry()).equals(all)) {
                return new Schema.Match(entry.key(), entry.entry(), null);
            }
        }
        return null;
    }

    /** The name that a variable must have for a key of a client. */
    static String name(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

}
