package dev.outbound.client.fuzz;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.outbound.client.faults.LeakGuard;
import dev.outbound.client.lab.EngineLane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

/**
 * Plays made-up responses on every lane and compares what the caller and the server see.
 * {@code -Dfuzz.seed=100000 -Dfuzz.cases=20000} plays others, and more.
 */
class DifferentialTests {

    private static final int CASES = 400;

    private static final int MOST_TOLD = 30;

    /** What differs once and not again was a matter of time. */
    private static final int TRIES = 3;

    private final long seed = Long.getLong("fuzz.seed", 1);

    private final int cases = Integer.getInteger("fuzz.cases", CASES);

    private final Set<KnownDifference> met = EnumSet.noneOf(KnownDifference.class);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    private final ExecutorService threads = Executors.newFixedThreadPool(EngineLane.values().length);

    private final List<FuzzLane> lanes = new ArrayList<>();

    private void open() {
        for (EngineLane lane : EngineLane.values()) {
            this.lanes.add(new FuzzLane(lane, this.timer));
        }
    }

    private void close() {
        this.lanes.forEach(FuzzLane::close);
        this.lanes.clear();
    }

    @BeforeEach
    void trackBuffers() {
        LeakGuard.install();
    }

    @AfterEach
    void end() {
        close();
        this.threads.shutdown();
        this.timer.shutdown();
        LeakGuard.uninstall();
    }

    @Test
    void theSameResponseIsTheSameOnEveryLane() throws Exception {
        List<String> different = new ArrayList<>();
        // What all clients share is made for the first, and the timer's thread for this.
        this.timer.submit(() -> {
        }).get();
        open();
        run(ResponseMutator.play(this.seed));
        close();
        LeakGuard before = new LeakGuard();
        open();
        for (int i = 0; i < this.cases; i++) {
            String difference = difference(ResponseMutator.play(this.seed + i));
            if (difference != null) {
                different.add(difference);
            }
        }
        List<Throwable> failures = this.lanes.stream().flatMap((lane) -> lane.failures().stream()).toList();
        close();
        // A difference must not hide what is left behind, which may be its cause.
        assertAll(() -> assertThat(failures).as("failures of the servers").isEmpty(),
                () -> assertThat(different.stream().limit(MOST_TOLD)).as("%d of %d cases", different.size(), this.cases)
                    .isEmpty(),
                this::checkKnown, before::check, LeakGuard::checkBuffers);
    }

    /** What explains nothing any more is to go. */
    private void checkKnown() {
        if (this.cases >= CASES) {
            assertThat(this.met).as("known differences")
                .containsAll(Stream.of(KnownDifference.values()).filter((known) -> !known.isRare()).toList());
        }
    }

    private @Nullable String difference(Play play) throws Exception {
        String difference = null;
        for (int i = 0; i < TRIES; i++) {
            List<Outcome> outcomes = run(play);
            difference = difference(play, outcomes);
            if (difference == null) {
                return null;
            }
        }
        return difference;
    }

    private @Nullable String difference(Play play, List<Outcome> outcomes) {
        StringBuilder told = new StringBuilder();
        Outcome reference = outcomes.get(0);
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            EngineLane lane = this.lanes.get(i).lane();
            Map<String, String> differences = reference.differences(outcome);
            differences.keySet().removeIf((fact) -> isKnown(fact, play, lane, reference, outcome));
            if (!outcome.wrong().isEmpty() || !differences.isEmpty()) {
                told.append("\n    ")
                    .append(lane)
                    .append(": ")
                    .append(differences)
                    .append(' ')
                    .append(outcome.wrong())
                    .append("\n      of ")
                    .append(reference.detail())
                    .append("\n      and ")
                    .append(outcome.detail());
            }
        }
        return told.isEmpty() ? null : "\n" + play + told;
    }

    private boolean isKnown(String fact, Play play, EngineLane lane, Outcome reference, Outcome outcome) {
        for (KnownDifference known : KnownDifference.values()) {
            if (known.covers(fact) && known.explains(play, lane, reference, outcome)) {
                this.met.add(known);
                return true;
            }
        }
        return false;
    }

    private List<Outcome> run(Play play) throws Exception {
        List<Future<Outcome>> running = new ArrayList<>();
        for (FuzzLane lane : this.lanes) {
            running.add(this.threads.submit(() -> lane.run(play)));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> outcome : running) {
            outcomes.add(outcome.get());
        }
        return outcomes;
    }

}
