package dev.outbound.client.interop;

/**
 * A real server that listens on a port of 127.0.0.1 until it is closed.
 */
sealed interface InteropServer extends AutoCloseable permits Nginx, Squid, Dante, Httpbin, Nghttpx {

    ServerProcess process();

    @Override
    default void close() {
        process().close();
    }

}
