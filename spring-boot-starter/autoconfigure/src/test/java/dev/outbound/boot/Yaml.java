package dev.outbound.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/** A file of properties that is only in the test. */
record Yaml(String name, String text) {

    static Yaml of(String text) {
        return new Yaml("application.yml", text);
    }

    ApplicationContextInitializer<ConfigurableApplicationContext> initializer() {
        return (context) -> addTo(context.getEnvironment());
    }

    void addTo(ConfigurableEnvironment environment) {
        try {
            List<PropertySource<?>> sources = new YamlPropertySourceLoader().load(this.name, resource());
            sources.forEach(environment.getPropertySources()::addLast);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private Resource resource() {
        return new ByteArrayResource(this.text.getBytes(StandardCharsets.UTF_8)) {

            @Override
            public String getDescription() {
                return "class path resource [" + Yaml.this.name + "]";
            }

        };
    }

}
