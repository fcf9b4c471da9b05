package dev.outbound.client.fuzz;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a caller and a server have seen of one {@link Play} on one lane: facts by their
 * names.
 *
 * @param facts the facts, which are to be the same on every lane
 * @param wrong what must not be on any lane, or an empty text
 * @param detail the failure as it was thrown, for who reads the report
 */
record Outcome(Map<String, String> facts, String wrong, String detail) {

    String result() {
        return String.valueOf(this.facts.get("result"));
    }

    String wording() {
        return String.valueOf(this.facts.get("wording"));
    }

    /** Return the facts in which another outcome is different, with both values. */
    Map<String, String> differences(Outcome other) {
        Map<String, String> differences = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>(this.facts.keySet());
        names.addAll(other.facts.keySet());
        for (String name : names) {
            String value = this.facts.get(name);
            String theirs = other.facts.get(name);
            if (!Objects.equals(value, theirs)) {
                differences.put(name, value + " <> " + theirs);
            }
        }
        return differences;
    }

}
