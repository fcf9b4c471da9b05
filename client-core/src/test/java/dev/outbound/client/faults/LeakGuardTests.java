package dev.outbound.client.faults;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What counts leaks must find one.
 */
class LeakGuardTests {

    private static void forget() {
        ByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }

    @Test
    void findsAForgottenBuffer() {
        LeakGuard.install();
        try {
            for (int i = 0; i < 50; i++) {
                forget();
            }
            assertThatExceptionOfType(AssertionError.class).isThrownBy(LeakGuard::checkBuffers)
                .withMessageContaining("LEAK");
            LeakGuard.checkBuffers();
        }
        finally {
            LeakGuard.uninstall();
        }
    }

}
