package dev.outbound.boot.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Makes the application context of {@link ClientTest}.
 */
final class ClientTestContextBootstrapper extends TestSliceTestContextBootstrapper<ClientTest> {

    ClientTestContextBootstrapper() {
    }

}
