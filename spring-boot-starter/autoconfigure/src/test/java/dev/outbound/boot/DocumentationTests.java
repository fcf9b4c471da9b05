package dev.outbound.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

import dev.outbound.boot.endpoint.OutboundEndpoint.ClientDescriptor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing that the pages show is only text: YAML is a configuration that starts, Java
 * stands in a test that is compiled, JSON is what the endpoint answers, and properties
 * that are named are there.
 */
@Timeout(60)
class DocumentationTests {

    private static final Path ROOT = Path.of("../..");

    private static final Pattern FENCE = Pattern.compile("(?m)^ *```(\\w*)\n(.*?)^ *```$", Pattern.DOTALL);

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+)}");

    private static final Pattern PROPERTY = Pattern
        .compile("`((?:outbound(?!\\.client\\.)|management|server|spring)\\.[a-z0-9.-]+[a-z0-9])");

    private static final Pattern METER = Pattern.compile("`(outbound\\.client\\.[a-z.]+)`");

    /** Client-core makes it of snippets of its tests, and runs them against a server. */
    private static final String GENERATED = "from-httpx.md";

    /** A part of a page in a language of its own. */
    record Block(String page, String language, String text) {

        private static Stream<Block> of(Path page) {
            try {
                String name = page.getFileName().toString();
                return FENCE.matcher(Files.readString(page))
                    .results()
                    .map((MatchResult fence) -> new Block(name, fence.group(1), fence.group(2)));
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public String toString() {
            return this.page + ": " + this.text.lines().limit(3).collect(Collectors.joining(" ")).strip();
        }

    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(ROOT); Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs).filter((file) -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static List<Block> blocks(String language) throws IOException {
        return pages().stream().flatMap(Block::of).filter((block) -> block.language().equals(language)).toList();
    }

    static List<Block> yaml() throws IOException {
        return blocks("yaml");
    }

    static List<Block> java() throws IOException {
        return blocks("java").stream().filter((block) -> !block.page().equals(GENERATED)).toList();
    }

    static List<Block> json() throws IOException {
        return blocks("json");
    }

    @Test
    void everyBlockIsInALanguageThatIsChecked() throws IOException {
        assertThat(pages()).hasSizeGreaterThan(15);
        Set<String> languages = new TreeSet<>();
        pages().stream()
            .flatMap(Block::of)
            .filter((block) -> !block.page().equals(GENERATED))
            .forEach((block) -> languages.add(block.language()));
        // Without a language: commands, and what they print.
        assertThat(languages).containsExactly("", "java", "json", "xml", "yaml");
    }

    @ParameterizedTest
    @MethodSource
    void yaml(Block block) throws IOException {
        StandardEnvironment written = new StandardEnvironment();
        int before = written.getPropertySources().size();
        Yaml.of(block.text()).addTo(written);
        List<String> names = written.getPropertySources()
            .stream()
            .skip(before)
            .flatMap((source) -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
            .toList();
        assertThat(names).isNotEmpty();
        assertThat(properties()).containsAll(names.stream().filter((name) -> !name.startsWith("outbound.")).toList());
        List<String> values = new ArrayList<>();
        Matcher placeholder = PLACEHOLDER.matcher(block.text());
        while (placeholder.find()) {
            values.add(placeholder.group(1) + "=value");
        }
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withInitializer(Yaml.of(block.text()).initializer())
            .withPropertyValues(values.toArray(String[]::new))
            .withPropertyValues("outbound.strict=true")
            .run((context) -> {
                assertThat(context).hasNotFailed();
                Clients clients = context.getBean(Clients.class);
                clients.names().forEach((name) -> assertThat(clients.session(name).settings()).isNotNull());
                assertThat(clients.names().isEmpty())
                    .isEqualTo(names.stream().noneMatch((name) -> name.startsWith("outbound.clients.")));
            });
    }

    @ParameterizedTest
    @MethodSource
    void java(Block block) throws IOException {
        String shown = folded(block.text());
        try (Stream<Path> files = Files.walk(ROOT)) {
            assertThat(files.filter((file) -> file.toString().matches(".*/src/test/java/.*\\.java"))
                .filter((file) -> !file.toString().contains("/target/"))
                .anyMatch((file) -> folded(read(file)).contains(shown))).as(block.toString()).isTrue();
        }
    }

    /** In a test a type that is nested is static. */
    private static String folded(String text) {
        return text.replace("\nstatic\n", "\n").replaceAll("\\s+", " ").strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @ParameterizedTest
    @MethodSource
    void json(Block block) {
        JsonMapper strict = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
        assertThat(strict.readValue(block.text(), ClientDescriptor.class)).isNotNull();
    }

    static List<Block> xml() throws IOException {
        return blocks("xml");
    }

    /** A dependency of one of our modules, in this version. */
    @ParameterizedTest
    @MethodSource
    void xml(Block block) throws Exception {
        Document shown = DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(block.text().getBytes(StandardCharsets.UTF_8)));
        String parent = read(ROOT.resolve("pom.xml"));
        String artifact = text(shown, "artifactId");
        String module = artifact.endsWith("-test") ? "test" : "starter";
        assertThat(parent).contains("<groupId>" + text(shown, "groupId") + "</groupId>",
                "<version>" + text(shown, "version") + "</version>");
        assertThat(read(ROOT.resolve("spring-boot-starter/" + module + "/pom.xml")))
            .contains("<artifactId>" + artifact + "</artifactId>");
    }

    private static String text(Document document, String element) {
        return document.getElementsByTagName(element).item(0).getTextContent();
    }

    private static Set<String> named(Pattern pattern) throws IOException {
        Set<String> named = new TreeSet<>();
        for (Path page : pages()) {
            pattern.matcher(Files.readString(page)).results().forEach((match) -> named.add(match.group(1)));
        }
        return named;
    }

    @Test
    void everyMeterIsNamedAndThere() throws IOException {
        Set<String> named = named(METER);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(OutboundAutoConfiguration.class))
            .withInitializer(Yaml.of(read(ROOT.resolve("docs/resilience.md")).split("```(yaml)?")[1]).initializer())
            .withBean(SslBundles.class,
                    () -> new DefaultSslBundleRegistry("partners", SslBundle.of(SslStoreBundle.NONE)))
            .withPropertyValues("outbound.clients.github.ssl.bundle=partners",
                    "outbound.clients.github.hedging.percentile=95")
            .run((context) -> context.getBean(ClientMeters.class).bindTo(meters));
        assertThat(named).isEqualTo(meters.getMeters()
            .stream()
            .map((meter) -> meter.getId().getName())
            .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyPropertyThatIsNamedIsThere() throws IOException {
        Set<String> named = named(PROPERTY);
        Set<String> properties = properties();
        named.removeIf((name) -> properties.contains(generic(name))
                || properties.stream().anyMatch((property) -> property.startsWith(generic(name) + ".")));
        assertThat(named).isEmpty();
    }

    /** The metadata tells of the defaults and of a client by one set of keys. */
    private static String generic(String name) {
        return name.replaceFirst("^outbound\\.clients(\\.[^.]+)?", "outbound.defaults");
    }

    private static Set<String> properties() throws IOException {
        Set<String> names = new TreeSet<>();
        for (URL metadata : Collections.list(DocumentationTests.class.getClassLoader()
            .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = metadata.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                    names.add(property.get("name").stringValue());
                }
            }
        }
        assertThat(names).contains("outbound.strict", "spring.lifecycle.timeout-per-shutdown-phase");
        return names;
    }

}
