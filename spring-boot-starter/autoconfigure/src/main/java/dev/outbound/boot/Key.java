package dev.outbound.boot;

import java.util.Collection;
import java.util.Map;

/**
 * A key of a {@link Schema}.
 *
 * @param path its name, for example {@code timeouts.stream-total}
 * @param property the path of its bean property, for example {@code timeouts.streamTotal}
 * @param type the type of its values; of a collection, the type of its elements
 * @param kind how many values there are
 * @param nullable whether it may be unset by "none"
 */
record Key(String path, String property, Class<?> type, Kind kind, boolean nullable) {

    enum Kind {

        /** One value. */
        SCALAR,

        /** Values in order. */
        LIST,

        /** Values by names that the user chooses, each one or several. */
        MAP,

        /** Further keys. */
        BLOCK;

        static Kind of(Class<?> type) {
            return Map.class.isAssignableFrom(type) ? MAP : Collection.class.isAssignableFrom(type) ? LIST : SCALAR;
        }

    }

    boolean is(Kind kind) {
        return this.kind == kind;
    }

    /** The last element of the path. */
    String name() {
        return this.path.substring(this.path.lastIndexOf('.') + 1);
    }

    /** Whether this is the given block or a key in it. */
    boolean isIn(String block) {
        return this.path.equals(block) || this.path.startsWith(block + ".");
    }

}
