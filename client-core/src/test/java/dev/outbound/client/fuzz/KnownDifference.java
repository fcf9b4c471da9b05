package dev.outbound.client.fuzz;

import java.util.EnumSet;
import java.util.Set;

import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.transport.Engine;

/**
 * A difference between lanes that is an engine's, with the reason why it stays.
 */
enum KnownDifference {

    /**
     * The JDK's client is told of a fault by an exception, and then gives nothing of what
     * came with it in one piece: the head and the content before it are lost, and with
     * them the redirect, the status to retry or the cookie.
     */
    FAULT_IN_ONE_PIECE_WITH_WHAT_IS_BEFORE_IT(Set.of("result", "wording", "streamed bytes", "cookie", "requests",
            "first attempt", "history", "connection")) {

        @Override
        boolean explains(Play play, EngineLane lane, Outcome reference, Outcome outcome) {
            return lane.engine() == Engine.JDK && (outcome.result().equals("RemoteProtocolException in body")
                    || outcome.result().equals("LimitExceededException in body"));
        }

    },

    /**
     * A body that nobody wants is given up: its connection is closed, unless the engine
     * has read to its end already.
     */
    GIVEN_UP_BEFORE_OR_BEHIND_ITS_END(Set.of("connection")) {

        @Override
        boolean explains(Play play, EngineLane lane, Outcome reference, Outcome outcome) {
            String result = outcome.result();
            return result.equals(reference.result()) && (result.startsWith("DecodingException")
                    || (play.response().contains("Location: ") && result.endsWith("Exception in head")));
        }

    },

    /**
     * What was decoded of a piece is not given when the rest of the piece cannot be
     * decoded, and the JDK's client makes one piece of several.
     */
    DECODED_IN_ONE_PIECE(Set.of("streamed bytes")) {

        @Override
        boolean explains(Play play, EngineLane lane, Outcome reference, Outcome outcome) {
            return outcome.result().equals(reference.result()) && outcome.result().startsWith("DecodingException");
        }

    },

    /**
     * An end that comes while the next request goes out, or the one that a redirect leads
     * to, is seen by some in time, and by others not.
     */
    END_BEFORE_THE_NEXT_REQUEST(Set.of("result", "wording", "requests", "history", "first attempt", "cookie")) {

        @Override
        boolean explains(Play play, EngineLane lane, Outcome reference, Outcome outcome) {
            return play.ending() != Play.Ending.KEEP && play.response().contains("Location: ")
                    && (outcome.result().startsWith("ConnectionLost")
                            || reference.result().startsWith("ConnectionLost"));
        }

    },

    /**
     * How much of a body had come when it ended is told where the engine counts it.
     */
    COUNT_OF_A_TRUNCATED_BODY(Set.of("wording")) {

        @Override
        boolean explains(Play play, EngineLane lane, Outcome reference, Outcome outcome) {
            return outcome.result().equals(reference.result())
                    && (outcome.result().startsWith("TruncatedBody") || outcome.result().startsWith("ConnectionLost"));
        }

    };

    /** Too rare to be met in a few hundred plays. */
    private static final Set<KnownDifference> RARE = EnumSet.of(END_BEFORE_THE_NEXT_REQUEST, DECODED_IN_ONE_PIECE);

    private final Set<String> facts;

    KnownDifference(Set<String> facts) {
        this.facts = facts;
    }

    boolean isRare() {
        return RARE.contains(this);
    }

    boolean covers(String fact) {
        return this.facts.contains(fact);
    }

    abstract boolean explains(Play play, EngineLane lane, Outcome reference, Outcome outcome);

}
