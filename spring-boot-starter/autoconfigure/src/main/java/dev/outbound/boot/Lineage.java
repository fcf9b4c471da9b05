package dev.outbound.boot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.outbound.boot.Key.Kind;

/**
 * The blocks that a client's settings come from, the nearest first: its own, those it
 * extends, the defaults.
 *
 * @param levels the blocks in order
 */
record Lineage(List<Block> levels) {

    private static final List<Key> CANCELLABLE = Schema.CLIENT.keys()
        .stream()
        .filter((key) -> key.is(Kind.BLOCK) && key.nullable())
        .toList();

    static Lineage of(Block client, Declarations declarations, Placeholders placeholders, Problems problems) {
        Set<Block> levels = new LinkedHashSet<>();
        Block block = client;
        while (block != null && levels.add(block)) {
            block = parent(block, levels, declarations.clients(), placeholders, problems);
        }
        levels.add(declarations.defaults());
        return new Lineage(List.copyOf(levels));
    }

    private static @Nullable Block parent(Block block, Set<Block> levels, Map<String, Block> clients,
            Placeholders placeholders, Problems problems) {
        Slot slot = block.slot("extends");
        if (slot == null || block.client() == null) {
            return null;
        }
        ConfiguredValue name = slot.first();
        try {
            name = placeholders.resolve(name);
            Block parent = clients.get(name.text());
            if (parent == null) {
                throw unknown(block, name.text(), clients);
            }
            if (levels.contains(parent)) {
                reportCycle(levels.stream().dropWhile((level) -> level != parent).toList(), problems);
                return null;
            }
            return parent;
        }
        catch (InvalidValueException ex) {
            problems.fail(name, ex.reason(), ex.action());
            return null;
        }
    }

    private static InvalidValueException unknown(Block block, String name, Map<String, Block> clients) {
        Set<String> known = new TreeSet<>(clients.keySet());
        known.remove(block.client());
        return new InvalidValueException("Client " + block.shown() + " extends " + ValueParser.quoted(name)
                + ", which does not exist. Known: " + (known.isEmpty() ? "none" : String.join(", ", known)) + "."
                + Nearest.question(Nearest.to(name, known)), "Correct the name, or break the cycle.");
    }

    /** Each member of the cycle finds it: all tell it in the same words. */
    private static void reportCycle(List<Block> members, Problems problems) {
        List<Block> cycle = new ArrayList<>(members);
        Block first = Collections.min(cycle, Comparator.comparing(Block::path));
        Collections.rotate(cycle, -cycle.indexOf(first));
        cycle.add(first);
        Slot slot = first.slot("extends");
        if (slot != null) {
            problems.fail(slot.first(),
                    cycle.stream().map(Block::client).collect(Collectors.joining(" extends ")) + ".",
                    "Correct the name, or break the cycle.");
        }
    }

    Block own() {
        return this.levels.get(0);
    }

    /** The levels in which a key is looked for, the nearest first. */
    List<Block> visible(Key key) {
        List<Block> visible = new ArrayList<>();
        for (Block level : this.levels) {
            if (isPassedOver(key, level)) {
                continue;
            }
            if (!key.is(Kind.BLOCK) && isCancelled(key, level)) {
                break;
            }
            visible.add(level);
            if (key.isIn("auth") && level.hasCredentials()) {
                // A user name and a password of different blocks do not belong together
                break;
            }
        }
        return visible;
    }

    private boolean isPassedOver(Key key, Block level) {
        return level != own() && switch (key.path()) {
            case "extends", "primary" -> true;
            case "enabled" -> level.client() != null;
            default -> false;
        };
    }

    /** Whether a level has "none" for a block that the key is in. */
    static boolean isCancelled(Key key, Block level) {
        for (Key block : CANCELLABLE) {
            if (cancels(level, block) && key.isIn(block.path())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a level has "none" for a block, and no property source that wins over it
     * has something in the block.
     */
    private static boolean cancels(Block level, Key block) {
        Slot none = level.slot(block.path());
        return none != null && none.first().text().equals("none") && level.slots()
            .stream()
            .noneMatch((slot) -> slot != none && slot.key().isIn(block.path()) && slot.source() < none.source());
    }

}
