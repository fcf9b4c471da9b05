package dev.outbound.client;

import org.springframework.util.ClassUtils;

import dev.outbound.client.transport.Engine;
import dev.outbound.client.transport.ReactiveTransport;
import dev.outbound.client.transport.Transport;
import dev.outbound.client.transport.TransportSettings;
import dev.outbound.client.transport.Transports;
import dev.outbound.client.transport.httpcomponents.HttpComponentsTransport;
import dev.outbound.client.transport.jdk.JdkReactiveTransport;
import dev.outbound.client.transport.jdk.JdkTransport;
import dev.outbound.client.transport.reactor.ReactorTransport;

/**
 * The engines on the class path: HttpComponents for blocking clients and Reactor Netty
 * for reactive ones, unless a client's settings name the JDK's. A missing one is told by
 * the first call that needs it.
 *
 * @since 0.1
 */
public final class Engines implements Transports {

    private static final Transports INSTANCE = new Engines();

    private Engines() {
    }

    /**
     * Return the transports of the engines on the class path.
     * @return the shared instance
     */
    public static Transports transports() {
        return INSTANCE;
    }

    @Override
    public void checkBlocking(TransportSettings settings) {
        settings.blockingEngine().checkBlocking(settings);
    }

    @Override
    public void checkReactive(TransportSettings settings) {
        settings.reactiveEngine().checkReactive(settings);
    }

    @Override
    public Transport blocking(TransportSettings settings) {
        if (settings.blockingEngine() == Engine.JDK) {
            return JdkTransport.of(settings);
        }
        require(Engine.HTTP_COMPONENTS);
        return HttpComponentsTransport.of(settings);
    }

    @Override
    public ReactiveTransport reactive(TransportSettings settings) {
        if (settings.reactiveEngine() == Engine.JDK) {
            return JdkReactiveTransport.of(settings);
        }
        require(Engine.REACTOR);
        return ReactorTransport.of(settings);
    }

    private static void require(Engine engine) {
        if (!ClassUtils.isPresent(engine.className(), Engines.class.getClassLoader())) {
            throw new IllegalStateException(
                    "Engine " + engine + " needs class " + engine.className() + ", which is not on the class path. Add "
                            + engine.artifact() + ", or give the client a transport.");
        }
    }

}
