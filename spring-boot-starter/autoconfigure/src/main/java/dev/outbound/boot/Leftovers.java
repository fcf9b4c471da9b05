package dev.outbound.boot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.outbound.boot.Key.Kind;

/**
 * Reports the properties that mean nothing, with the name that was probably meant.
 */
final class Leftovers {

    static final String REFERENCE = "docs/reference.md";

    private Leftovers() {
    }

    /** Report what is unknown outside of clients and defaults. */
    static void global(Block global, Problems problems) {
        for (Block.Unknown unknown : global.unknown()) {
            String nearest = Nearest.to(unknown.path().element(0),
                    List.of("defaults", "clients", "ignore-unknown-properties", "strict"));
            boolean clientKey = Schema.CLIENT.find(unknown.path()) != null;
            problems.unknown(unknown.value(),
                    "Unknown property \"" + unknown.value().property() + "\"."
                            + (clientKey ? "" : Nearest.question((nearest != null) ? "outbound." + nearest : null)),
                    clientKey ? "Move it below a client: `outbound.clients.<name>." + unknown.path().shown()
                            + "`, or to `outbound.defaults` for all clients." : correct());
        }
    }

    /** Report what is unknown in the defaults, or is no default. */
    static void defaults(Block defaults, Problems problems) {
        block(defaults, problems);
        for (String key : List.of("extends", "primary")) {
            Slot slot = defaults.slot(key);
            if (slot != null) {
                problems.fail(slot.first(), "`" + key + "` belongs to a client and cannot be a default.",
                        "Move it below a client: `outbound.clients.<name>." + key + "`.");
            }
        }
    }

    /** Report what is unknown in a block; return whether it held nothing else. */
    static boolean block(Block block, Problems problems) {
        block.respelled()
            .forEach((slot) -> problems.fail(slot.first(),
                    "Header " + slot.entry() + " is configured twice with different letter case.",
                    "Keep one entry, or use a list for several values."));
        boolean nothingElse = block.slots().isEmpty() && !block.unknown().isEmpty();
        for (Block.Unknown unknown : block.unknown()) {
            if (isList(block, unknown.path())) {
                problems.fail(block.path(), unknown.value().origin(),
                        "A client is a block of properties, but a list was found.",
                        "Remove the dash before its properties.");
            }
            else if (isClientWithDot(block, unknown.path())) {
                ClientNames.invalid(block.client() + "." + unknown.path().element(0), unknown.value().origin(),
                        problems);
            }
            else {
                nothingElse = false;
                unknown(block, unknown, problems);
            }
        }
        return nothingElse;
    }

    private static boolean isList(Block block, PropertyPath path) {
        return block.client() != null && path.size() > 1 && path.element(0).matches("\\d+");
    }

    /**
     * A client named {@code a.b} looks like a client {@code a} with a property of
     * {@code b}.
     */
    private static boolean isClientWithDot(Block block, PropertyPath path) {
        return block.client() != null && path.size() > 1 && Schema.CLIENT.find(path.from(1)) != null
                && Nearest.to(path.element(0), Schema.CLIENT.paths()) == null;
    }

    private static void unknown(Block block, Block.Unknown unknown, Problems problems) {
        String path = unknown.path().shown();
        if (path.isEmpty()) {
            problems.fail(unknown.value(), "A client is a block of properties, but a value was found.",
                    "Write `base-url:` and other properties below it, indented.");
            return;
        }
        Key key = Schema.CLIENT.named(unknown.path());
        if (key != null) {
            misplaced(key, unknown, problems);
            return;
        }
        ForeignName foreign = ForeignName.of(unknown.path().text());
        if (foreign != null) {
            problems.unknown(unknown.value(), "Unknown property \"" + path + "\". " + foreign.reason(),
                    foreign.action(unknown.value().text()));
            return;
        }
        String owner = (block.client() != null) ? " of client " + block.shown() : " of " + block.path();
        problems.unknown(unknown.value(),
                "Unknown property \"" + path + "\"" + owner + "." + Nearest.question(meant(unknown.path())), correct());
    }

    /** The key is known; what is written for it is of another form. */
    private static void misplaced(Key key, Block.Unknown unknown, Problems problems) {
        String found = (unknown.path().index() != null) ? "a list" : "a value";
        switch (key.kind()) {
            case MAP ->
                problems.fail(unknown.value(), "`" + key.path() + "` is a map of names, but " + found + " was found.",
                        "Write `name: value` below it, indented.");
            case BLOCK -> problems.fail(unknown.value(),
                    "`" + key.path() + "` is a block of properties, but " + found + " was found.",
                    "Write its properties below it, indented, without a dash.");
            case SCALAR, LIST ->
                problems.fail(unknown.value(), "`" + key.path() + "` takes one value, but " + found + " was found.",
                        "Write one value, without a dash or brackets.");
        }
    }

    private static String correct() {
        return "Correct the name. All properties: " + REFERENCE
                + ". Set `outbound.ignore-unknown-properties: true` to allow it.";
    }

    /** The key of nearly that name, or the only one that ends like it. */
    private static @Nullable String meant(PropertyPath path) {
        String nearest = Nearest.to(path.text(), Schema.CLIENT.paths());
        if (nearest != null) {
            return nearest;
        }
        String map = (path.size() > 1) ? Nearest.to(path.element(0), maps()) : null;
        if (map != null) {
            return map + "." + path.from(1).shown();
        }
        String last = PropertyPath.uniform(path.element(path.size() - 1));
        List<String> sameEnd = new ArrayList<>();
        for (Key key : Schema.CLIENT.keys()) {
            if (!key.is(Kind.BLOCK) && PropertyPath.uniform(key.name()).equals(last)) {
                sameEnd.add(key.path());
            }
        }
        return (sameEnd.size() == 1) ? sameEnd.get(0) : null;
    }

    private static List<String> maps() {
        return Schema.CLIENT.keys().stream().filter((key) -> key.is(Kind.MAP)).map(Key::path).toList();
    }

    /** Report an environment variable that overrides nothing. */
    static void variable(RawProperty property, @Nullable Block block, Collection<Block> clients, Problems problems) {
        List<String> names = clients.stream().map((client) -> String.valueOf(client.client())).sorted().toList();
        String reason = (block != null)
                ? "Environment variable " + property.name() + " is for no property of "
                        + ((block.client() != null) ? "client " : "") + block.shown() + "."
                : "Environment variable " + property.name() + " is for no client. Configured clients: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)) + ".";
        String nearest = nearestVariable(property.name(), clients);
        problems.unknown(property.value(), reason + Nearest.question(nearest),
                "Correct or remove the variable. Environment variables only override what a file or a property declares; "
                        + "a header or query parameter must be declared there, too.");
    }

    private static @Nullable String nearestVariable(String name, Collection<Block> clients) {
        Map<String, String> known = new HashMap<>();
        for (Block client : clients) {
            for (Key key : Schema.CLIENT.keys()) {
                String variable = EnvironmentVariable.name(client.path() + "." + key.path());
                known.put(variable.replace("_", ""), variable);
            }
        }
        String nearest = Nearest.to(name.replace("_", ""), known.keySet());
        return (nearest != null) ? known.get(nearest) : null;
    }

}
