package dev.outbound.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Starts the storefront. With the profile {@code demo} the upstreams that it calls run in
 * the same process, and a main job calls them; with {@code --demo.exit=true} it ends
 * after that job, and the exit code says whether all came out right.
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
