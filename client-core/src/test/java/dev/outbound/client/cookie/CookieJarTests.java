package dev.outbound.client.cookie;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpMethod;

import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.CookieConflictException;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Request;
import dev.outbound.client.http.Url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CookieJarTests {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final CookieJar jar = CookieJar.create();

    private Instant now = NOW;

    private void receive(String url, String... setCookie) {
        FieldLines.Builder fields = FieldLines.builder();
        for (String line : setCookie) {
            fields.append("Set-Cookie", line);
        }
        this.jar.store(Url.parse(url), fields.build(), this.now);
    }

    private @Nullable String sent(String url) {
        return sent(Request.of(HttpMethod.GET, Url.parse(url)), Cookies.empty(), true);
    }

    private @Nullable String sent(Request request, Cookies own, boolean anyHost) {
        return this.jar.attach(request, own, anyHost, this.now).fields().first("Cookie");
    }

    @Nested
    class Program {

        @Test
        void setReplacesTheSameKey() {
            CookieJarTests.this.jar.set("a", "1").set("a", "2").update(Map.of("b", "3"));
            assertThat(CookieJarTests.this.jar.cookies()).extracting(Cookie::value).containsExactly("2", "3");
        }

        @Test
        void aNameOfSeveralIsAConflict() {
            CookieJar jar = CookieJarTests.this.jar;
            jar.set(Cookie.of("a", "1").withDomain("example.org")).set("a", "2");
            assertThatExceptionOfType(CookieConflictException.class).isThrownBy(() -> jar.get("a"));
            assertThat(jar.get("a", "example.org", null)).contains("1");
            assertThat(jar.get("a", "", null)).contains("2");
            assertThat(jar.get("b")).isEmpty();
        }

        @Test
        void deletesAndClears() {
            CookieJar jar = CookieJarTests.this.jar;
            Cookie cookie = Cookie.of("a", "1").withDomain("example.org");
            jar.set(cookie).set(cookie.withPath("/x")).set(Cookie.of("b", "2").withDomain("example.org")).set("c", "3");
            jar.delete("a", "example.org", "/x");
            assertThat(jar.get("a")).contains("1");
            jar.delete("a");
            assertThat(jar.size()).isEqualTo(2);
            jar.clear("example.org", "/other");
            assertThat(jar.size()).isEqualTo(2);
            jar.clear("example.org", null);
            assertThat(jar.cookies()).extracting(Cookie::name).containsExactly("c");
            jar.clear();
            assertThat(jar.isEmpty()).isTrue();
            assertThat(sent("https://example.org/")).isNull();
        }

        @Test
        void aSnapshotCanBeRestored() {
            receive("https://www.example.org/", "a=1 2; Domain=example.org; Max-Age=60; Secure; SameSite=Lax", "b=2");
            Cookies saved = CookieJarTests.this.jar.cookies();
            assertThat(CookieJar.create().update(saved).cookies()).isEqualTo(saved);
        }

        @Test
        void whatTheProgramSetsNeverMakesPlace() {
            for (int i = 0; i < 60; i++) {
                CookieJarTests.this.jar.set("p" + i, "1").set(Cookie.of("h" + i, "1").withDomain("example.org"));
            }
            receive("https://example.org/", lines(60, "s", 10));
            assertThat(CookieJarTests.this.jar.cookies()).filteredOn((cookie) -> !cookie.name().startsWith("s"))
                .hasSize(120);
            assertThat(CookieJarTests.this.jar.size()).isEqualTo(120 + CookieJar.MAX_PER_DOMAIN);
        }

        @Test
        void theJarThatKeepsNoneSaysSo() {
            CookieJar none = CookieJar.none();
            none.store(Url.parse("http://example.org"), FieldLines.empty().with("Set-Cookie", "a=1"), NOW);
            assertThat(none.isEmpty()).isTrue();
            assertThatIllegalStateException().isThrownBy(() -> none.set("a", "1")).withMessageContaining("no cookies");
            Request request = Request.of(HttpMethod.GET, Url.parse("http://example.org"));
            assertThat(none.attach(request, Cookies.empty(), true, NOW)).isSameAs(request);
            assertThat(
                    none.attach(request, Cookies.empty().with(Cookie.of("a", "1")), true, NOW).fields().first("Cookie"))
                .isEqualTo("a=1");
        }

    }

    @Nested
    class Attach {

        private final Request request = Request.of(HttpMethod.GET, Url.parse("https://example.org/docs/x"));

        @Test
        void longerPathsFirstThenTheOlderOnes() {
            receive("https://example.org/docs/x", "a=1; Path=/", "b=2", "c=3; Path=/", "d=4; Path=/docs/x",
                    "a=5; Path=/");
            assertThat(sent("https://example.org/docs/x")).isEqualTo("d=4; b=2; a=5; c=3");
        }

        @Test
        void aFieldWrittenByHandWins() {
            CookieJarTests.this.jar.set("a", "1");
            Request byHand = this.request.withHeader("cookie", "x=y");
            assertThat(CookieJarTests.this.jar.attach(byHand, Cookies.empty().with(Cookie.of("b", "2")), true, NOW))
                .isSameAs(byHand);
        }

        @Test
        void nothingToSendIsTheSameRequest() {
            CookieJarTests.this.jar.set(Cookie.of("a", "1").withDomain("other.org"));
            assertThat(CookieJarTests.this.jar.attach(this.request, Cookies.empty(), true, NOW)).isSameAs(this.request);
        }

        @Test
        void cookiesOfTheCallTakeThePlaceOfTheSameKeyAndAreNotKept() {
            CookieJarTests.this.jar.set("a", "1").set("b", "2");
            Cookies own = Cookies.empty().with(Cookie.of("a", "own")).with(Cookie.of("c", "3"));
            assertThat(sent(this.request, own, true)).isEqualTo("a=own; b=2; c=3");
            assertThat(sent(this.request, Cookies.empty(), true)).isEqualTo("a=1; b=2");
        }

        // S40 of the security matrix
        @Test
        void s40CookiesWithoutADomainDoNotFollowToAnotherOrigin() {
            CookieJarTests.this.jar.set("a", "1").set(Cookie.of("b", "2").withDomain("example.org"));
            assertThat(sent(this.request, Cookies.empty(), true)).isEqualTo("a=1; b=2");
            assertThat(sent(this.request, Cookies.empty(), false)).isEqualTo("b=2");
        }

        @Test
        void expiredOnesAreNotSentAndRemoved() {
            receive("https://example.org/", "a=1; Max-Age=60", "b=2");
            CookieJarTests.this.now = NOW.plusSeconds(59);
            assertThat(sent("https://example.org/")).isEqualTo("a=1; b=2");
            CookieJarTests.this.now = NOW.plusSeconds(60);
            assertThat(sent("https://example.org/")).isEqualTo("b=2");
            assertThat(CookieJarTests.this.jar.size()).isEqualTo(1);
        }

    }

    @Nested
    class Scope {

        // S95, H15: what a cookie that https://www.example.co.uk/ (or the given URL) sets
        // is sent to
        @ParameterizedTest(name = "{0}")
        @CsvSource(delimiter = '|',
                textBlock = """
                        H15 other host          | https://www.example.co.uk/  | other.com              | https://other.com/        | false
                        H15 top level           | https://www.example.com/    | com                    | https://other.com/        | false
                        H15 top level, case     | https://www.example.com/    | CoM                    | https://other.com/        | false
                        H15 two labels          | https://www.example.co.uk/  | co.uk                  | https://other.co.uk/      | false
                        S95 dot before          | https://www.example.co.uk/  | .co.uk                 | https://other.co.uk/      | false
                        S95 dot behind          | https://www.example.co.uk/  | co.uk.                 | https://other.co.uk/      | false
                        S95 mixed case          | https://www.example.co.uk/  | Co.uK                  | https://other.co.uk/      | false
                        S95 host with dot       | https://www.example.co.uk./ | co.uk                  | https://other.co.uk/      | false
                        S95 dots on both        | https://www.example.co.uk./ | co.uk.                 | https://other.co.uk./     | false
                        S95 host ends with dot  | https://www.example.com./   | com.                   | https://other.com./       | false
                        S95 wildcard            | https://a.b.ck/             | b.ck                   | https://c.b.ck/           | false
                        S95 exception           | https://a.www.ck/           | www.ck                 | https://b.www.ck/         | true
                        S95 private owner       | https://mine.github.io/     | github.io              | https://other.github.io/  | false
                        S95 IDN                 | https://a.xn--55qx5d.cn/    | xn--55qx5d.cn          | https://b.xn--55qx5d.cn/  | false
                        H15 .local              | http://printer.local/       | .local                 | http://other.local/       | false
                        H15 below .local        | http://a.printer.local/     | printer.local          | http://b.printer.local/   | true
                        H15 localhost           | http://a.localhost/         | localhost              | http://b.localhost/       | false
                        H15 IP                  | http://127.0.0.1/           | 0.0.1                  | http://126.0.0.1/         | false
                        H15 other IP            | http://127.0.0.1/           | 127.0.0.2              | http://127.0.0.2/         | false
                        allowed                 | https://www.example.co.uk/  | example.co.uk          | https://api.example.co.uk/| true
                        """)
        void domains(String row, String url, String domain, String other, boolean sent) {
            receive(url, "a=1; Path=/; Domain=" + domain);
            assertThat(sent(other)).as(row).isEqualTo(sent ? "a=1" : null);
            if (!sent) {
                assertThat(CookieJarTests.this.jar.isEmpty()).as(row).isTrue();
            }
        }

        @ParameterizedTest
        @CsvSource({ "https://github.io/, github.io, https://x.github.io/",
                "http://localhost/, localhost, http://x.localhost/",
                "http://127.0.0.1/, 127.0.0.1, http://1.127.0.0.1.nip.io/" })
        void aPublicSuffixMayKeepACookieForItself(String url, String domain, String below) {
            receive(url, "a=1; Domain=" + domain);
            assertThat(sent(url)).isEqualTo("a=1");
            assertThat(sent(below)).isNull();
        }

        @Test
        void withoutAListACookieGoesBackToItsHostOnly() {
            CookieRules rules = new CookieRules(null);
            Url url = Url.parse("https://www.example.org/");
            Cookie cookie = Cookie.parse("a=1; Domain=example.org", url, NOW);
            assertThat(cookie).isNotNull();
            assertThat(rules.accept(cookie, url)).isEqualTo(cookie.withHost("www.example.org"));
        }

        @Test
        void suffixesOfOnesOwn() {
            CookieJar own = CookieJar.create((domain) -> domain.equals("apps.example.net"));
            FieldLines fields = FieldLines.empty().with("Set-Cookie", "a=1; Domain=apps.example.net");
            own.store(Url.parse("https://one.apps.example.net/"), fields, NOW);
            assertThat(own.isEmpty()).isTrue();
        }

        @Test
        void hostOnlyOnesStayOnTheirHost() {
            receive("https://example.org/", "a=1");
            assertThat(sent("https://example.org:8443/")).isEqualTo("a=1");
            assertThat(sent("https://www.example.org/")).isNull();
        }

        // S98: the URL's host counts, where the Host field names another
        @Test
        void s98AHostFieldDoesNotChangeTheScope() {
            receive("http://127.0.0.1/", "a=1; Domain=victim.example", "b=2");
            Request request = Request.of(HttpMethod.GET, Url.parse("http://127.0.0.1/"))
                .withHeader("Host", "victim.example");
            assertThat(sent(request, Cookies.empty(), true)).isEqualTo("b=2");
            assertThat(sent("http://victim.example/")).isNull();
        }

        // S97: nothing is shared
        @Test
        void s97JarsShareNothing() {
            receive("https://example.org/", "a=1");
            CookieJar other = CookieJar.create();
            Request request = Request.of(HttpMethod.GET, Url.parse("https://example.org/"));
            assertThat(other.attach(request, Cookies.empty(), true, NOW)).isSameAs(request);
        }

    }

    @Nested
    class Secure {

        // S96: what is kept after https set the first cookie and the URL the second
        @ParameterizedTest(name = "{0}")
        @CsvSource(delimiter = '|',
                textBlock = """
                        http overwrites             | a=1; Secure                              | http://example.org/      | a=2                       | a=1
                        http deletes                | a=1; Secure                              | http://example.org/      | a=; Max-Age=0             | a=1
                        http overwrites from below  | a=1; Secure; Domain=example.org          | http://www.example.org/  | a=2; Domain=example.org   | a=1
                        http hides from below       | a=1; Secure; Domain=example.org          | http://www.example.org/  | a=2                       | a=1
                        http, longer path           | a=1; Secure; Path=/                      | http://example.org/x/y   | a=2; Path=/x              | a=1
                        http, other name            | a=1; Secure                              | http://example.org/      | b=2                       | a=1; b=2
                        http, not secure            | a=1                                      | http://example.org/      | a=2                       | a=2
                        http sets secure            | a=1                                      | http://example.org/      | b=2; Secure               | a=1
                        https overwrites            | a=1; Secure                              | https://example.org/     | a=2                       | a=2
                        http, secure prefix         | a=1                                      | http://example.org/      | __Secure-b=2; Secure      | a=1
                        http, host prefix           | a=1                                      | http://example.org/      | __Host-b=2; Secure; Path=/| a=1
                        """)
        void s96(String row, String first, String url, String second, String sent) {
            receive("https://example.org/", first);
            receive(url, second);
            assertThat(sent("https://example.org/")).as(row).isEqualTo(sent);
            assertThat(CookieJarTests.this.jar.size()).as(row).isEqualTo(sent.split(";").length);
        }

        @Test
        void s96PathsBesideASecureOneAreFree() {
            receive("https://example.org/", "a=1; Secure; Path=/x");
            receive("http://example.org/", "a=2; Path=/");
            assertThat(CookieJarTests.this.jar.size()).isEqualTo(2);
        }

    }

    @Nested
    class Flood {

        // H16, S84: curl's CVE-2022-32205
        @Test
        void h16KeepsFiftyOfADomainAndSendsEightKilobytes() {
            receive("https://example.org/", lines(1000, "c", 4000));
            assertThat(CookieJarTests.this.jar.size()).isEqualTo(CookieJar.MAX_PER_DOMAIN);
            String sent = sent("https://example.org/");
            assertThat(sent).isNotNull();
            assertThat("Cookie: " + sent + "\r\n").hasSizeBetween(8000, 8192);
        }

        @Test
        void s84ALargeCookieDoesNotHideTheSmallOnes() {
            receive("https://example.org/", "a=" + "x".repeat(4000), "b=" + "x".repeat(4000), "c=" + "x".repeat(4000),
                    "session=1");
            assertThat(sent("https://example.org/")).contains("a=", "b=", "session=1").doesNotContain("c=");
        }

        @Test
        void h16KeepsThreeThousandInAll() {
            receive("https://first.example/", "a=1");
            for (int host = 0; host < 100; host++) {
                receive("https://host" + host + ".example/", lines(50, "c", 1));
                assertThat(sent("https://first.example/")).isEqualTo("a=1");
            }
            assertThat(CookieJarTests.this.jar.size()).isEqualTo(CookieJar.MAX);
            assertThat(sent("https://host0.example/")).isNull();
        }

        @Test
        void expiredThenInsecureThenUnusedOnesGoFirst() {
            receive("https://example.org/", "expired=1; Max-Age=10", "plain=1; Path=/p");
            receive("https://example.org/", secure(48));
            CookieJarTests.this.now = NOW.plus(Duration.ofMinutes(1));
            receive("https://example.org/", "x=1; Secure");
            assertThat(names()).doesNotContain("expired").contains("plain", "x");
            receive("https://example.org/", "y=1; Secure");
            assertThat(names()).doesNotContain("plain").contains("x", "y", "s0");
            receive("https://example.org/", "z=1; Secure");
            assertThat(names()).doesNotContain("s0").contains("x", "y", "z").hasSize(50);
        }

        private List<String> names() {
            return CookieJarTests.this.jar.cookies().stream().map(Cookie::name).toList();
        }

        private static String[] secure(int count) {
            String[] lines = lines(count, "s", 1);
            for (int i = 0; i < count; i++) {
                lines[i] += "; Secure";
            }
            return lines;
        }

    }

    private static String[] lines(int count, String name, int length) {
        String[] lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] = name + i + "=" + "x".repeat(length);
        }
        return lines;
    }

    @Test
    void callsOfManyThreadsLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String host = "https://t" + thread + ".example/";
                calls.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        receive(host, "a=" + i, "b" + (i % 10) + "=1", "gone=; Max-Age=0");
                        assertThat(sent(host)).contains("a=" + i);
                        this.jar.set("shared", host.substring(8, 10));
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        }
        finally {
            threads.shutdownNow();
        }
        assertThat(this.jar.size()).isEqualTo(4 * 11 + 1);
    }

    @Test
    void textShowsNoCookie() {
        this.jar.set("sid", "very-secret");
        assertThat(this.jar).hasToString("CookieJar[1 cookies]");
        assertThat(this.jar.cookies()).hasToString("[sid=****** (any host, /)]");
    }

}
