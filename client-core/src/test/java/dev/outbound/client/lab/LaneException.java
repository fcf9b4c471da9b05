package dev.outbound.client.lab;

import java.util.EnumSet;
import java.util.Set;

/**
 * All that a lane does not do as the contract says, with the reason. A test that takes
 * one into account asks here; there is nothing else that lanes differ in.
 */
public enum LaneException {

    /**
     * Does not say why a connection was not opened.
     * <p>
     * The JDK's client connects a second time, on the channel that it has closed, and
     * reports that.
     */
    REASON_OF_FAILED_CONNECT(EngineLane.JDK_BLOCKING, EngineLane.JDK_REACTIVE),

    /**
     * Delivers an answer that comes before the request is sent only when all of it is.
     * <p>
     * The JDK's client looks at the response behind the request. Where the server closes
     * or stops reading, the call fails as if there were no answer.
     */
    EARLY_ANSWER(EngineLane.JDK_BLOCKING, EngineLane.JDK_REACTIVE);

    private final Set<EngineLane> lanes;

    LaneException(EngineLane first, EngineLane... others) {
        this.lanes = EnumSet.of(first, others);
    }

    public boolean isMadeBy(EngineLane lane) {
        return this.lanes.contains(lane);
    }

}
