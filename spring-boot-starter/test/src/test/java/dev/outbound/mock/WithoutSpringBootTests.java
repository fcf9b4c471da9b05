package dev.outbound.mock;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The router in a class path that has neither Spring Boot nor Spring's context. */
class WithoutSpringBootTests {

    private static final List<String> ABSENT = List.of("spring-boot", "spring-context", "spring-test", "autoconfigure");

    @Test
    void routerNeedsNoSpringBoot() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            for (String absent : List.of("org.springframework.boot.SpringApplication",
                    "org.springframework.context.ApplicationContext", "dev.outbound.boot.Clients")) {
                assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> loader.loadClass(absent));
            }
            Object use = loader.loadClass(PlainUse.class.getName()).getConstructor().newInstance();
            assertThat(((Supplier<?>) use).get()).isEqualTo("12");
        }
    }

    private static URL[] classPath() throws Exception {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<URL> urls = new ArrayList<>();
        for (String entry : all.split(File.pathSeparator)) {
            // The folders of this module are below spring-boot-starter, so only names of
            // files count.
            Path path = Path.of(entry);
            String name = path.toString().endsWith(".jar") ? path.getFileName().toString()
                    : path.toString().replace("spring-boot-starter", "");
            if (ABSENT.stream().noneMatch(name::contains)) {
                urls.add(path.toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

}
