package dev.outbound.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Starts the storefront, with the upstreams that it calls. With {@code --demo.exit=true}
 * it ends after the main job; the exit code says whether all came out right.
 */
@SpringBootApplication
public class SampleApplication {

    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class, args);
        Environment environment = context.getEnvironment();
        if (environment.getProperty("demo.exit", Boolean.class, false)) {
            System.exit(SpringApplication.exit(context));
        }
        System.out.println("The storefront is open: http://localhost:" + environment.getProperty("local.server.port"));
    }

}
