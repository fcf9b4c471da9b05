package dev.outbound.sample.upstream;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * In the demo, starts the upstreams before the clients are made, and publishes their
 * ports as {@code demo.<name>.port} for the base URLs.
 */
final class UpstreamsInitializer implements ApplicationContextInitializer<GenericApplicationContext> {

    @Override
    public void initialize(GenericApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (!environment.acceptsProfiles(Profiles.of("demo"))) {
            return;
        }
        Upstreams upstreams = new Upstreams(environment.getRequiredProperty("PRICING_TOKEN"));
        // The build runs the application up to here for ahead-of-time processing: no
        // sockets then.
        if (!environment.getProperty(AbstractAotProcessor.AOT_PROCESSING, Boolean.class, false)) {
            upstreams.startAll();
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        upstreams.ports().forEach((name, port) -> properties.put("demo." + name + ".port", Math.max(port, 1)));
        if (environment.getProperty("demo.exit", Boolean.class, false)) {
            properties.put("server.port", 0);
        }
        environment.getPropertySources().addFirst(new MapPropertySource("upstreams", properties));
        DefaultListableBeanFactory beans = context.getDefaultListableBeanFactory();
        beans.registerSingleton("upstreams", upstreams);
        beans.registerDisposableBean("upstreams", upstreams::close);
    }

}
