package dev.outbound.client.faults;

import java.util.Arrays;
import java.util.Comparator;

import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.transport.EngineSetting;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Leaves a row that needs a setting which the lane's engine has refused.
 */
final class EngineRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private EngineRefusal(String message, IllegalStateException cause) {
        super(message, cause);
    }

    /**
     * Check that a client could not be built because its engine refuses one of its
     * settings, and says so.
     * @param lane where the client was to be built
     * @param thrown what building it has thrown
     * @return the refusal, in the engine's words but for the setting's value
     */
    static EngineRefusal of(EngineLane lane, IllegalStateException thrown) {
        EngineSetting refused = Arrays.stream(EngineSetting.values())
            .filter((setting) -> thrown.getMessage().startsWith("Client 'lab' has " + setting))
            .max(Comparator.comparing((setting) -> setting.toString().length()))
            .orElseThrow(() -> thrown);
        String words = ", which engine " + lane.engine() + " cannot honour";
        assertThat(lane.engine().honours(refused)).as("%s honours %s", lane.engine(), refused).isFalse();
        assertThat(thrown).hasMessageContaining(words);
        if (lane.standard().engine().honours(refused)) {
            assertThat(thrown).hasMessageContaining("use engine " + lane.standard().engine());
        }
        return new EngineRefusal(refused + words, thrown);
    }

}
