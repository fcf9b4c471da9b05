package dev.outbound.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.AbstractHttpServiceRegistrar;
import org.springframework.web.service.registry.HttpServiceProxyRegistry;

/**
 * A Spring Boot application with many groups of {@code @HttpExchange} interfaces, on
 * named clients or on Spring's own properties: how long it takes to start and have a
 * proxy of each. What {@link StartUp} is for injected clients.
 */
final class Interfaces {

    private static final String SPRING = """
                upstream<n>:
                  base-url: https://upstream<n>.test/api
                  default-header: { Accept: application/json }
                  read-timeout: 10s
            """;

    private static final String OUTBOUND = """
                upstream<n>:
                  base-url: https://upstream<n>.test/api
                  headers: { Accept: application/json }
                  timeouts: { read: 10s }
            """;

    private Interfaces() {
    }

    /** {@code spring} or {@code outbound}, and the number of groups. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        int groups = Integer.parseInt(args[1]);
        Path configuration = configuration(args[0].equals("spring"), groups);
        long begin = System.nanoTime();
        try (ConfigurableApplicationContext context = StartUp.start(Application.class, configuration)) {
            if (groups > 0) {
                // Fails where nothing reads Spring's properties
                context.getBean(HttpServiceClientAutoConfiguration.class);
            }
            for (int i = 0; i < groups; i++) {
                context.getBean(HttpServiceProxyRegistry.class).getClient("upstream" + i, Upstream.class);
            }
            long nanos = System.nanoTime() - begin;
            out.println(StartUp.outcome(groups, nanos));
        }
        finally {
            Files.delete(configuration);
        }
    }

    private static Path configuration(boolean spring, int groups) throws IOException {
        StringBuilder yaml = new StringBuilder("groups: ").append(groups).append('\n');
        if (groups > 0) {
            yaml.append(spring ? "spring:\n  http.serviceclient:\n" : "outbound:\n  clients:\n");
        }
        for (int i = 0; i < groups; i++) {
            yaml.append((spring ? SPRING : OUTBOUND).replace("<n>", Integer.toString(i)));
        }
        return Files.writeString(Files.createTempFile("interfaces", ".yaml"), yaml);
    }

    interface Upstream {

        @GetExchange("/items/{id}")
        String item(@PathVariable String id);

    }

    static final class Groups extends AbstractHttpServiceRegistrar implements EnvironmentAware {

        private int groups;

        @Override
        public void setEnvironment(Environment environment) {
            this.groups = environment.getRequiredProperty("groups", Integer.class);
            super.setEnvironment(environment);
        }

        @Override
        protected void registerHttpServices(GroupRegistry registry, AnnotationMetadata metadata) {
            for (int i = 0; i < this.groups; i++) {
                registry.forGroup("upstream" + i).register(Upstream.class);
            }
        }

    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Groups.class)
    static class Application {

    }

}
