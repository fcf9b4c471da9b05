package dev.outbound.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.transport.Engine;

import static org.assertj.core.api.Assertions.assertThat;

/** How settings come together from property sources, other clients and the defaults. */
class ConfiguredClientsTests {

    private final StandardEnvironment environment = new StandardEnvironment();

    private final Problems problems = new Problems();

    ConfiguredClientsTests() {
        this.environment.getPropertySources()
            .forEach((source) -> this.environment.getPropertySources().remove(source.getName()));
    }

    private ConfiguredClientsTests yaml(String text) {
        new Yaml("application.yml", text).addTo(this.environment);
        return this;
    }

    private ConfiguredClientsTests properties(String... pairs) {
        String name = "properties" + this.environment.getPropertySources().size();
        this.environment.getPropertySources().addLast(new MapPropertySource(name, map(pairs)));
        return this;
    }

    private ConfiguredClientsTests variables(String... pairs) {
        this.environment.getPropertySources()
            .addLast(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                    map(pairs)));
        return this;
    }

    private static Map<String, Object> map(String... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (String pair : pairs) {
            map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return map;
    }

    private Map<String, ClientProperties> read() {
        Map<String, ClientProperties> clients = ConfiguredClients.read(this.environment, this.problems).properties();
        assertThat(this.problems.failures()).isEmpty();
        return clients;
    }

    private List<Problem> failures() {
        ConfiguredClients.read(this.environment, this.problems);
        return this.problems.failures();
    }

    @Test
    void sharingAloneKeepsTheInheritedCredentials() {
        ClientProperties client = yaml("""
                outbound:
                  clients:
                    catalog:
                      base-url: https://api.example.com
                      auth: { type: bearer, token: t }
                    child:
                      extends: catalog
                      auth: { share: true }
                """).read().get("child");
        assertThat(client.getAuth().getType()).isEqualTo(AuthenticationType.BEARER);
        assertThat(client.getAuth().getToken()).isEqualTo("t");
    }

    @Test
    void aSecretOfARejectedBaseUrlIsNotRepeatedInTheAction() {
        List<Problem> failures = yaml("""
                outbound:
                  clients:
                    path: { base-url: "/v1?api_key=s3cr3t" }
                    host: { base-url: "api.example.com/v1?api_key=s3cr3t" }
                """).failures();
        assertThat(failures).hasSize(2)
            .allSatisfy((problem) -> assertThat(problem.toString()).doesNotContain("s3cr3t"));
    }

    @Test
    void aUserNameAloneInAUrlMayBeATokenAndIsNotShown() {
        List<Problem> failures = yaml("""
                outbound:
                  clients:
                    base: { base-url: "https://s3cr3t@api.example.com" }
                    proxy: { base-url: "https://a", proxy: { url: "http://s3cr3t@proxy:99999" } }
                """).failures();
        assertThat(failures).hasSize(2)
            .allSatisfy((problem) -> assertThat(problem.toString()).contains("://******@").doesNotContain("s3cr3t"));
    }

    @Test
    void aHeaderOfAPlaceholderForASecretIsOneWhateverItsName() {
        properties("GITHUB_TOKEN=s3cr3t", "TENANT=acme", "BAD_SECRET=s3cr3t\n")
            .yaml("""
                    outbound:
                      clients:
                        a:
                          base-url: https://a
                          headers: { X-Gh: "${GITHUB_TOKEN}", X-Tenant: "${TENANT}", X-List: [ "plain", "t ${GITHUB_TOKEN:none}" ] }
                          query: { gh: "${GITHUB_TOKEN}" }
                        b: { base-url: "https://b", headers: { X-Bad: "${BAD_SECRET}" } }
                    """);
        ConfiguredClients clients = ConfiguredClients.read(this.environment, this.problems);
        assertThat(this.problems.failures()).singleElement()
            .satisfies((problem) -> assertThat(problem.toString()).contains("X-Bad").doesNotContain("s3cr3t"));
        assertThat(clients.properties("a").getHeaders()).containsEntry("X-Gh", List.of("s3cr3t"));
        assertThat(clients.properties("a").getRedirects().getCredentialHeaders()).containsExactly("X-Gh", "X-List");
        assertThat(clients.settings("a")).filteredOn((setting) -> setting.property().startsWith("headers.X-Tenant"))
            .extracting(ClientSetting::value)
            .containsExactly("acme");
        assertThat(clients.settings("a").toString()).doesNotContain("s3cr3t");
    }

    @Test
    void aMapWithoutEntriesAddsNone() {
        Map<String, ClientProperties> clients = yaml("""
                outbound:
                  defaults: { headers: { Accept: text/plain } }
                  clients:
                    a: { base-url: "https://a", headers: {}, query: , proxy: { url: "http://p:1", mounts: {} } }
                """).read();
        assertThat(clients.get("a").getHeaders()).containsOnlyKeys("Accept");
        assertThat(clients.get("a").getQuery()).isEmpty();
    }

    @Test
    void aKnownNameWithAValueOfAnotherFormIsNoUnknownProperty() {
        assertThat(yaml("""
                outbound:
                  clients:
                    a: { base-url: ["https://a"], headers: none, query: [a, b], retry: [ { max-retries: 2 } ] }
                """).failures()).extracting(Problem::reason)
            .contains("`base-url` takes one value, but a list was found.",
                    "`headers` is a map of names, but a value was found.",
                    "`query` is a map of names, but a list was found.")
            .noneMatch((reason) -> reason.contains("Did you mean \"headers\"") || reason.contains("\"base-url"));
    }

    @Test
    void everyKeyIsRead() {
        ClientProperties client = yaml("""
                outbound:
                  clients:
                    my-api:
                      baseUrl: https://api.example.com/v1
                      headers: { Accept: "text/a, text/b", X-List: [a, b], "[X.Dot]": c }
                      query: { page: 1, tag: [x, "y,z"], "[filter[name]]": n }
                      timeouts: { connect: 1s, tls: 2s, read: none, write: 3s, pool: 4s, total: 1m, streamTotal: PT5M }
                      retry:
                        max-retries: 3
                        delay: 0s
                        multiplier: 1
                        jitter: 0s
                        max-delay: 2s
                        max-retry-after: 10s
                        statuses: [429, gateway]
                        budget: { ratio: 0.2, min-per-second: 2 }
                      auth: { type: bearer, token: "${TOKEN:t}", share: true }
                      redirects: { mode: same-origin, max: 3 }
                      limits: { response-body: 1MB }
                      default-charset: latin1
                      pool: { max-connections: 3, idle: 1s, lifetime: none }
                      allow-absolute-urls: true
                      allow-path-traversal: true
                      allow_plain_http: true
                      health: { enabled: false, critical: true }
                      primary: true
                """).read().get("my-api");
        assertThat(client.getBaseUrl()).hasToString("https://api.example.com/v1");
        assertThat(client.getHeaders())
            .isEqualTo(Map.of("Accept", List.of("text/a, text/b"), "X-List", List.of("a", "b"), "X.Dot", List.of("c")));
        assertThat(client.getQuery())
            .isEqualTo(Map.of("page", List.of("1"), "tag", List.of("x", "y,z"), "filter[name]", List.of("n")));
        assertThat(client.getTimeouts()).usingRecursiveComparison().isEqualTo(timeouts());
        assertThat(client.getRetry().getMaxRetries()).isEqualTo(3);
        assertThat(client.getRetry().getDelay()).isZero();
        assertThat(client.getRetry().getStatuses()).containsExactly("429", "gateway");
        assertThat(client.getRetry().getBudget().getMinPerSecond()).isEqualTo(2);
        assertThat(client.getAuth().getToken()).isEqualTo("t");
        assertThat(client.getRedirects().getMode()).isEqualTo(RedirectMode.SAME_ORIGIN);
        assertThat(client.getLimits().getResponseBody()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(client.getDefaultCharset()).isEqualTo(StandardCharsets.ISO_8859_1);
        assertThat(client.getPool().getLifetime()).isNull();
        assertThat(client.isAllowAbsoluteUrls()).isTrue();
        assertThat(client.isAllowPlainHttp()).isTrue();
        assertThat(client.getHealth().isCritical()).isTrue();
        assertThat(client.isPrimary()).isTrue();
    }

    private static TimeoutProperties timeouts() {
        TimeoutProperties timeouts = new TimeoutProperties();
        timeouts.setConnect(Duration.ofSeconds(1));
        timeouts.setTls(Duration.ofSeconds(2));
        timeouts.setRead(null);
        timeouts.setWrite(Duration.ofSeconds(3));
        timeouts.setPool(Duration.ofSeconds(4));
        timeouts.setTotal(Duration.ofMinutes(1));
        timeouts.setStreamTotal(Duration.ofMinutes(5));
        return timeouts;
    }

    @Test
    void sourceThatComesFirstWinsKeyByKeyAndListByList() {
        ClientProperties client = properties("outbound.clients.a.timeouts.read=1s",
                "outbound.clients.a.retry.statuses[0]=503")
            .properties("outbound.clients.a.base-url=https://a", "outbound.clients.a.timeouts.read=2s",
                    "outbound.clients.a.timeouts.write=2s", "outbound.clients.a.retry.statuses[0]=429",
                    "outbound.clients.a.retry.statuses[1]=502")
            .read()
            .get("a");
        assertThat(client.getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(1));
        assertThat(client.getTimeouts().getWrite()).isEqualTo(Duration.ofSeconds(2));
        assertThat(client.getRetry().getStatuses()).containsExactly("503");
    }

    @Test
    void gapInAListFails() {
        assertThat(properties("outbound.clients.a.base-url=https://a", "outbound.clients.a.retry.statuses[1]=503")
            .failures()).singleElement()
            .extracting(Problem::reason)
            .isEqualTo("Element [1] is set here, but [0] is missing.");
    }

    @Test
    void sourceWithoutNamesIsAsked() {
        properties("outbound.clients.a.base-url=https://a");
        this.environment.getPropertySources().addFirst(new PropertySource<Object>("jndi") {

            @Override
            public Object getProperty(String name) {
                return name.equals("outbound.clients.a.timeouts.read") ? "7s" : null;
            }

        });
        assertThat(read().get("a").getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(7));
    }

    @Nested
    class Engines {

        @Test
        void oneWordIsForTheCallsThatTheEngineMakes() {
            Map<String, ClientProperties> clients = yaml("""
                    outbound:
                      defaults: { engine: jdk }
                      clients:
                        a: { base-url: "https://a" }
                        b: { base-url: "https://a", engine: http-components }
                        c: { base-url: "https://a", engine: { blocking: http_components } }
                        d: { base-url: "https://a", extends: c, engine: Reactor }
                    """).read();
            assertThat(engines(clients.get("a"))).containsExactly(Engine.JDK, Engine.JDK);
            assertThat(engines(clients.get("b"))).containsExactly(Engine.HTTP_COMPONENTS, Engine.JDK);
            assertThat(engines(clients.get("c"))).containsExactly(Engine.HTTP_COMPONENTS, Engine.JDK);
            assertThat(engines(clients.get("d"))).containsExactly(Engine.HTTP_COMPONENTS, Engine.REACTOR);
        }

        @Test
        void thePropertySourceThatComesFirstWins() {
            ClientProperties client = variables("OUTBOUND_CLIENTS_A_ENGINE=jdk")
                .properties("outbound.clients.a.base-url=https://a",
                        "outbound.clients.a.engine.blocking=http-components")
                .read()
                .get("a");
            assertThat(engines(client)).containsExactly(Engine.JDK, Engine.JDK);
            client = new ConfiguredClientsTests().properties("outbound.clients.a.engine.blocking=http-components")
                .properties("outbound.clients.a.base-url=https://a", "outbound.clients.a.engine=jdk")
                .read()
                .get("a");
            assertThat(engines(client)).containsExactly(Engine.HTTP_COMPONENTS, Engine.JDK);
        }

        private List<Engine> engines(ClientProperties client) {
            return List.of(client.getEngine().getBlocking(), client.getEngine().getReactive());
        }

    }

    @Test
    void headersAreTakenAwayByTheNearestBlock() {
        Map<String, ClientProperties> clients = yaml("""
                outbound:
                  defaults: { headers: { X-Tenant: a, X-Api-Key: secret, Accept: text/plain } }
                  clients:
                    a: { base-url: "https://a", without-headers: [x-api-key, accept] }
                    b: { base-url: "https://a", extends: a, headers: { Accept: text/html } }
                """).read();
        assertThat(clients.get("a").getHeaders()).containsOnlyKeys("X-Tenant");
        assertThat(clients.get("b").getHeaders())
            .isEqualTo(Map.of("X-Tenant", List.of("a"), "Accept", List.of("text/html")));
    }

    @Test
    void noneTakesBackWhatIsInherited() {
        ClientProperties client = yaml(
                """
                        outbound:
                          defaults:
                            ssl: { bundle: partner, server-name: internal }
                            proxy: { url: "http://proxy:3128", headers: { X-A: a } }
                            local-address: 127.0.0.1
                          clients:
                            a: { base-url: "https://a", ssl: { bundle: none, server-name: none }, proxy: none, local-address: none }
                        """)
            .read()
            .get("a");
        assertThat(client.getSsl().getBundle()).isNull();
        assertThat(client.getSsl().getServerName()).isNull();
        assertThat(client.getProxy()).isNull();
        assertThat(client.getLocalAddress()).isNull();
    }

    @Test
    void secretHeadersOfAProxyStayWithTheProxy() {
        assertThat(yaml("""
                outbound:
                  defaults: { proxy: { url: "http://proxy:3128", headers: { Proxy-Authorization: canary } } }
                  clients:
                    a: { base-url: "https://a", proxy: { url: "http://other:3128" } }
                """).failures()).singleElement().satisfies((problem) -> {
            assertThat(problem.property()).isEqualTo("outbound.defaults.proxy.headers.Proxy-Authorization");
            assertThat(problem.toString()).doesNotContain("canary");
        });
    }

    @Test
    void configurationTreesAndProfilesAreSources(@TempDir Path folder) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.writeString(tree.resolve("outbound.clients.a.auth.token"), "t0k");
        Files.writeString(tree.resolve("outbound.clients.a.timeouts.read"), "7s");
        Files.writeString(folder.resolve("application.yml"), """
                spring: { config: { import: "configtree:%s/" } }
                outbound: { clients: { a: { base-url: "https://a", auth: { type: bearer }, timeouts: { read: 1s } } } }
                """.formatted(tree));
        Files.writeString(folder.resolve("application-dev.yml"),
                "outbound: { clients: { a: { timeouts: { write: 9s } } } }");
        SpringApplication application = new SpringApplicationBuilder(ConfiguredClientsTests.class)
            .web(WebApplicationType.NONE)
            .bannerMode(Banner.Mode.OFF)
            .profiles("dev")
            .properties("spring.config.location=file:" + folder + "/")
            .build();
        try (ConfigurableApplicationContext context = application.run()) {
            ClientProperties client = ConfiguredClients.read(context.getEnvironment(), this.problems)
                .properties()
                .get("a");
            assertThat(this.problems.failures()).isEmpty();
            assertThat(client.getAuth().getToken()).isEqualTo("t0k");
            assertThat(client.getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(7));
            assertThat(client.getTimeouts().getWrite()).isEqualTo(Duration.ofSeconds(9));
        }
    }

    @Nested
    class Inheritance {

        @Test
        void clientThenParentsThenDefaults() {
            Map<String, ClientProperties> clients = yaml("""
                    outbound:
                      defaults:
                        headers: { A: defaults, B: defaults, C: defaults }
                        timeouts: { read: 1s, write: 1s, pool: 1s }
                      clients:
                        parent:
                          base-url: https://parent
                          headers: { b: parent, c: parent }
                          timeouts: { write: 2s, pool: 2s }
                        child:
                          extends: parent
                          headers: { C: child }
                          timeouts: { pool: 3s }
                    """).read();
            ClientProperties child = clients.get("child");
            assertThat(child.getBaseUrl()).hasToString("https://parent");
            assertThat(child.getHeaders())
                .isEqualTo(Map.of("A", List.of("defaults"), "b", List.of("parent"), "C", List.of("child")));
            assertThat(child.getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(1));
            assertThat(child.getTimeouts().getWrite()).isEqualTo(Duration.ofSeconds(2));
            assertThat(child.getTimeouts().getPool()).isEqualTo(Duration.ofSeconds(3));
            assertThat(clients.get("parent").getTimeouts().getPool()).isEqualTo(Duration.ofSeconds(2));
        }

        @Test
        void retryMergesByKeyAndIsCancelledByNone() {
            Map<String, ClientProperties> clients = yaml("""
                    outbound:
                      defaults: { retry: { max-retries: 5, delay: 1s } }
                      clients:
                        none: { base-url: "https://a", retry: none }
                        after-none: { base-url: "https://a", extends: none, retry: { max-delay: 3s } }
                        all: { base-url: "https://a" }
                        some: { base-url: "https://a", retry: { delay: 2s, budget: none } }
                    """).read();
            assertThat(clients.get("none").getRetry()).isNull();
            assertThat(clients.get("after-none").getRetry().getMaxRetries()).isEqualTo(2);
            assertThat(clients.get("all").getRetry().getMaxRetries()).isEqualTo(5);
            assertThat(clients.get("some").getRetry().getMaxRetries()).isEqualTo(5);
            assertThat(clients.get("some").getRetry().getDelay()).isEqualTo(Duration.ofSeconds(2));
            assertThat(clients.get("some").getRetry().getBudget()).isNull();
        }

        @Test
        void emptyRetryBlockMeansTheDefaultsAndNoBlockNoRetry() {
            Map<String, ClientProperties> clients = yaml("""
                    outbound:
                      clients:
                        a: { base-url: "https://a", retry: {} }
                        b: { base-url: "https://b" }
                    """).read();
            assertThat(clients.get("a").getRetry()).usingRecursiveComparison().isEqualTo(new RetryProperties());
            assertThat(clients.get("b").getRetry()).isNull();
        }

        @Test
        void noneOfAProfileCancelsABlockOfTheBaseFile() {
            ClientProperties client = properties("outbound.clients.a.retry=none")
                .properties("outbound.clients.a.base-url=https://a", "outbound.clients.a.retry.max-retries=3")
                .read()
                .get("a");
            assertThat(client.getRetry()).isNull();
        }

        @Test
        void blockOfAProfileWinsOverNoneOfTheBaseFile() {
            ClientProperties client = properties("outbound.clients.a.retry.max-retries=3")
                .properties("outbound.clients.a.base-url=https://a", "outbound.clients.a.retry=none")
                .read()
                .get("a");
            assertThat(client.getRetry().getMaxRetries()).isEqualTo(3);
        }

        @Test
        void authReplacesAsAWhole() {
            Map<String, ClientProperties> clients = yaml("""
                    outbound:
                      clients:
                        a: { base-url: "https://a", auth: { type: basic, username: u, password: p } }
                        b: { extends: a, auth: { type: bearer, token: t } }
                        c: { extends: a }
                        d: { extends: a, auth: none }
                    """).read();
            assertThat(clients.get("b").getAuth().getUsername()).isNull();
            assertThat(clients.get("c").getAuth().getUsername()).isEqualTo("u");
            assertThat(clients.get("d").getAuth()).isNull();
        }

        @Test
        void noneDropsInheritedSecretsButNotItsOwn() {
            ClientProperties client = yaml("""
                    outbound:
                      defaults: { headers: { X-Api-Key: defaults, Accept: text/plain } }
                      clients:
                        a: { base-url: "https://a", auth: { type: none }, headers: { X-Token: own } }
                    """).read().get("a");
            assertThat(client.getHeaders()).containsOnlyKeys("Accept", "X-Token");
        }

        @Test
        void disabledClientCanBeAParentAndIsNotChecked() {
            Map<String, ClientProperties> clients = yaml("""
                    outbound:
                      clients:
                        template: { enabled: false, timeouts: { read: 7s }, auth: { token: "${MISSING}" } }
                        a: { extends: template, base-url: "https://a", auth: { type: none } }
                    """).read();
            assertThat(clients).containsOnlyKeys("a");
            assertThat(clients.get("a").getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(7));
        }

        @Test
        void whatBelongsToAClientIsNoDefault() {
            assertThat(yaml("outbound: { defaults: { extends: a, primary: true } }").failures())
                .extracting(Problem::reason)
                .containsExactly("`extends` belongs to a client and cannot be a default.",
                        "`primary` belongs to a client and cannot be a default.");
        }

        @Test
        void mistakeInTheDefaultsIsToldOnce() {
            assertThat(yaml("""
                    outbound:
                      defaults: { timeouts: { read: 5 } }
                      clients:
                        a: { base-url: "https://a" }
                        b: { base-url: "https://b" }
                    """).failures()).singleElement()
                .extracting(Problem::property)
                .isEqualTo("outbound.defaults.timeouts.read");
        }

    }

    @Nested
    class EnvironmentVariables {

        private static final String MY_API = """
                outbound:
                  clients:
                    my-api:
                      base-url: https://yaml
                      headers: { X-Tenant: yaml }
                """;

        @Test
        void overrideInEverySpellingAndAddNoClient() {
            for (String name : List.of("OUTBOUND_CLIENTS_MYAPI_BASEURL", "OUTBOUND_CLIENTS_MY_API_BASEURL",
                    "OUTBOUND_CLIENTS_MY_API_BASE_URL", "OUTBOUND_CLIENTS_MYAPI_BASE_URL",
                    "outbound.clients.my-api.base-url")) {
                Map<String, ClientProperties> clients = new ConfiguredClientsTests().variables(name + "=https://env")
                    .yaml(MY_API)
                    .read();
                assertThat(clients).as(name).containsOnlyKeys("my-api");
                assertThat(clients.get("my-api").getBaseUrl()).as(name).hasToString("https://env");
            }
        }

        @Test
        void areInTheOrderOfTheirSource() {
            ClientProperties client = yaml(MY_API).variables("OUTBOUND_CLIENTS_MYAPI_BASEURL=https://env")
                .read()
                .get("my-api");
            assertThat(client.getBaseUrl()).hasToString("https://yaml");
        }

        @Test
        void overrideHeadersListsAndDefaults() {
            ClientProperties client = variables("OUTBOUND_CLIENTS_MYAPI_HEADERS_X_TENANT=env",
                    "OUTBOUND_CLIENTS_MYAPI_RETRY_STATUSES=429,503", "OUTBOUND_DEFAULTS_TIMEOUTS_STREAM_TOTAL=7s",
                    "OUTBOUND_DEFAULTS_RETRY_BUDGET_RATIO=0.5")
                .yaml(MY_API)
                .read()
                .get("my-api");
            assertThat(client.getHeaders()).isEqualTo(Map.of("X-Tenant", List.of("env")));
            assertThat(client.getRetry().getStatuses()).containsExactly("429", "503");
            assertThat(client.getRetry().getBudget().getRatio()).isEqualTo(0.5);
            assertThat(client.getTimeouts().getStreamTotal()).isEqualTo(Duration.ofSeconds(7));
        }

        @Test
        void fitTheLongestClientThatHasTheKey() {
            Map<String, ClientProperties> clients = variables("OUTBOUND_CLIENTS_MY_API_TIMEOUTS_READ=7s").yaml("""
                    outbound:
                      clients:
                        my: { base-url: "https://my" }
                        my-api: { base-url: "https://my-api" }
                    """).read();
            assertThat(clients.get("my-api").getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(7));
            assertThat(clients.get("my").getTimeouts().getRead()).isEqualTo(Duration.ofSeconds(5));
        }

        @Test
        void thatFitNothingFailWithTheRightSpelling() {
            List<Problem> failures = variables("OUTBOUND_CLIENTS_MYAPY_BASEURL=https://env",
                    "OUTBOUND_CLIENTS_MYAPI_AUTH_TOKN=canary", "OUTBOUND_CLIENTS_OTHER_BASEURL=https://env")
                .yaml(MY_API)
                .failures();
            assertThat(failures).extracting(Problem::reason)
                .containsExactly(
                        "Environment variable OUTBOUND_CLIENTS_MYAPI_AUTH_TOKN is for no property of client 'my-api'. "
                                + "Did you mean \"OUTBOUND_CLIENTS_MYAPI_AUTH_TOKEN\"?",
                        "Environment variable OUTBOUND_CLIENTS_MYAPY_BASEURL is for no client. "
                                + "Configured clients: my-api. Did you mean \"OUTBOUND_CLIENTS_MYAPI_BASEURL\"?",
                        "Environment variable OUTBOUND_CLIENTS_OTHER_BASEURL is for no client. "
                                + "Configured clients: my-api.");
            assertThat(failures).extracting(Problem::value).first().isEqualTo("****** (6 characters)");
        }

        @Test
        void ofOthersAreLeftAlone() {
            assertThat(variables("OUTBOUND_SERVICE_HOST=10.0.0.1", "OUTBOUND_PORT=tcp://10.0.0.1:80",
                    "OUTBOUND_PROXY=http://proxy")
                .failures()).isEmpty();
        }

        @Test
        void setWhatIsSetOnce() {
            variables("OUTBOUND_IGNORE_UNKNOWN_PROPERTIES=true").yaml("""
                    outbound: { clients: { a: { base-url: "https://a", nonsense: 1 } } }
                    """).read();
            assertThat(warnings()).extracting(Problem::property).containsExactly("outbound.clients.a.nonsense");
        }

        private List<Problem> warnings() {
            return ConfiguredClientsTests.this.problems.warnings();
        }

    }

}
