package dev.outbound.boot;

import dev.outbound.client.transport.Engine;

/**
 * What a client is built on. A setting that an engine cannot honour fails the start.
 *
 * @since 0.1
 */
public class EngineProperties {

    /**
     * Engine of blocking calls: "http-components" or "jdk".
     */
    private Engine blocking = Engine.HTTP_COMPONENTS;

    /**
     * Engine of reactive calls: "reactor" or "jdk".
     */
    private Engine reactive = Engine.REACTOR;

    public Engine getBlocking() {
        return this.blocking;
    }

    public void setBlocking(Engine blocking) {
        this.blocking = blocking;
    }

    public Engine getReactive() {
        return this.reactive;
    }

    public void setReactive(Engine reactive) {
        this.reactive = reactive;
    }

}
