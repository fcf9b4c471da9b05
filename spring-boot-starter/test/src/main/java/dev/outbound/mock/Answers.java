package dev.outbound.mock;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a route answers, one turn after the other. Guarded by its router.
 */
final class Answers {

    private static final int FOREVER = -1;

    private final List<Turn> turns = new ArrayList<>();

    /** Answer this from now on. */
    void set(Responder responder) {
        this.turns.clear();
        this.turns.add(new Turn(responder, FOREVER, false));
    }

    /** Answer this when those before are used up. */
    void add(Responder responder) {
        if (!this.turns.isEmpty()) {
            Turn last = last();
            if (!last.counted) {
                this.turns.set(this.turns.size() - 1, new Turn(last.responder, 1, true));
            }
            else if (last.left == FOREVER) {
                throw new IllegalStateException(
                        "The reply before answers for ever: a next one would never be given. Leave forever() out, "
                                + "or replace it with times(n)");
            }
        }
        this.turns.add(new Turn(responder, this.turns.isEmpty() ? FOREVER : 1, !this.turns.isEmpty()));
    }

    void times(int times) {
        Assert.isTrue(times > 0, () -> "times must be positive, but is " + times);
        this.turns.set(this.turns.size() - 1, new Turn(checkedLast().responder, times, true));
    }

    void forever() {
        this.turns.set(this.turns.size() - 1, new Turn(checkedLast().responder, FOREVER, true));
    }

    private Turn checkedLast() {
        if (this.turns.isEmpty()) {
            set((request) -> Reply.ok());
        }
        return last();
    }

    private Turn last() {
        return this.turns.get(this.turns.size() - 1);
    }

    /** Take a turn, or {@code null} when all are used up. */
    @Nullable Turn take() {
        if (this.turns.isEmpty()) {
            return new Turn((request) -> Reply.ok(), FOREVER, false);
        }
        for (Turn turn : this.turns) {
            if (turn.left != 0) {
                turn.left -= (turn.left > 0) ? 1 : 0;
                return turn;
            }
        }
        return null;
    }

    /** Give a turn back that was declined. */
    static void giveBack(Turn turn) {
        turn.left += (turn.left >= 0) ? 1 : 0;
    }

    boolean isUsedUp() {
        return !this.turns.isEmpty() && this.turns.stream().allMatch((turn) -> turn.left == 0);
    }

    boolean isEndless() {
        return this.turns.isEmpty() || this.turns.stream().anyMatch((turn) -> turn.left == FOREVER);
    }

    /** Return how many replies are still to be given, for those that are counted. */
    int left() {
        return this.turns.stream().mapToInt((turn) -> Math.max(0, turn.left)).sum();
    }

    Answers copy() {
        Answers copy = new Answers();
        this.turns.forEach((turn) -> copy.turns.add(new Turn(turn.responder, turn.left, turn.counted)));
        return copy;
    }

    /** A responder and how often it answers. */
    static final class Turn {

        private final Responder responder;

        private final boolean counted;

        private int left;

        Turn(Responder responder, int left, boolean counted) {
            this.responder = responder;
            this.left = left;
            this.counted = counted;
        }

        Responder responder() {
            return this.responder;
        }

    }

}
