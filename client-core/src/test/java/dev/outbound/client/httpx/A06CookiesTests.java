package dev.outbound.client.httpx;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.outbound.client.RedirectMode;
import dev.outbound.client.RedirectPolicy;
import dev.outbound.client.cookie.CookieJar;
import dev.outbound.client.http.Cookie;
import dev.outbound.client.http.CookieConflictException;
import dev.outbound.client.http.Cookies;
import dev.outbound.client.http.FieldLines;
import dev.outbound.client.http.Response;
import dev.outbound.client.http.Url;
import dev.outbound.client.lab.FakeUpstream;
import dev.outbound.client.lab.Lane;
import dev.outbound.client.lab.LaneClient;

import static dev.outbound.client.lab.FakeUpstream.ok;
import static dev.outbound.client.lab.FakeUpstream.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class A06CookiesTests extends AbstractFeatureTests {

    private static final String URL = "https://shop.example/a";

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private final CookieJar jar = CookieJar.create();

    private LaneClient withJar(Lane lane) {
        return client(lane, (builder) -> builder.cookies(this.jar));
    }

    private @Nullable String sentCookies() {
        return sent().fields().first("Cookie");
    }

    /**
     * The {@code Cookie} field of a request to a URL, from a jar that a server has
     * filled.
     */
    private static @Nullable String cookies(String from, String to, String... setCookie) {
        CookieJar jar = CookieJar.create();
        FieldLines.Builder lines = FieldLines.builder();
        for (String line : setCookie) {
            lines.add("Set-Cookie", line);
        }
        jar.store(Url.parse(from), lines.build(), NOW);
        return jar
            .attach(dev.outbound.client.http.Request.of(org.springframework.http.HttpMethod.GET, Url.parse(to)),
                    Cookies.empty(), true, NOW)
            .fields()
            .first("Cookie");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A6 model: a jar by domain, path and name, from a map, other cookies, or shared")
    void model(Lane lane) {
        this.jar.update(Map.of("a", "1")).update(Cookies.of(List.of(Cookie.of("b", "2").withDomain("shop.example"))));
        withJar(lane).get(URL);
        assertThat(sentCookies()).isEqualTo("a=1; b=2");
        this.jar.set("a", "3");
        client(lane, (builder) -> builder.cookies(this.jar)).get(URL);
        assertThat(sentCookies()).as("the jar is used, not copied").isEqualTo("a=3; b=2");
        assertThat(this.jar.cookies().toString()).doesNotContain("3").contains("a=******");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A6 set(name, value, domain=\"\", path=\"/\"): without a domain for what the program calls only")
    void set(Lane lane) {
        this.jar.set("everywhere", "1")
            .set(Cookie.of("domain", "2").withDomain(".example.org"))
            .set(Cookie.of("path", "3").withDomain("example.org").withPath("/b"));
        withJar(lane).get("https://sub.example.org/b/c");
        assertThat(sentCookies()).isEqualTo("path=3; everywhere=1; domain=2");
        withJar(lane).get("https://other.example/b");
        assertThat(sentCookies()).isEqualTo("everywhere=1");
        this.upstream = FakeUpstream.answering(status(302, "Location: https://other.example/"), ok(""));
        client(lane, (builder) -> builder.cookies(this.jar).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)))
            .get("https://sub.example.org/");
        assertThat(sentCookies()).as("HTTPX sends it to every host").isNull();
    }

    @Test
    @DisplayName("A6 get(name, default, domain, path): a conflict where several fit, an empty answer where none does")
    void get() {
        this.jar.set(Cookie.of("a", "1").withDomain("one.example")).set(Cookie.of("a", "2").withDomain("two.example"));
        assertThatExceptionOfType(CookieConflictException.class).isThrownBy(() -> this.jar.get("a"));
        assertThat(this.jar.get("a", "two.example", null)).contains("2");
        assertThat(this.jar.get("a", "two.example", "/x")).isEmpty();
        assertThat(this.jar.get("x")).isEmpty();
        assertThat(this.jar.get("x").orElse("default")).isEqualTo("default");
    }

    @Test
    @DisplayName("A6 delete / clear: by name, domain and path")
    void delete() {
        Cookie a = Cookie.of("a", "1").withDomain("one.example");
        this.jar.set(a).set(a.withPath("/x")).set(a.withDomain("two.example")).set("b", "2");
        this.jar.delete("a", "one.example", "/x");
        assertThat(this.jar.size()).isEqualTo(3);
        this.jar.clear("two.example", null);
        assertThat(this.jar.size()).isEqualTo(2);
        this.jar.delete("a");
        assertThat(this.jar.cookies()).extracting(Cookie::name).containsExactly("b");
        this.jar.clear();
        assertThat(this.jar.isEmpty()).isTrue();
    }

    @Test
    @DisplayName("A6 update: copies, and replaces what has the same key")
    void update() {
        CookieJar other = CookieJar.create().set("a", "2").set("b", "3");
        this.jar.set("a", "1").update(other.cookies());
        other.set("c", "4");
        assertThat(this.jar.get("a")).contains("2");
        assertThat(this.jar.size()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A6 persistence: of every response, redirects too; it can be switched off, unlike in HTTPX")
    void persistence(Lane lane) {
        this.upstream = FakeUpstream.answering(status(302, "Location: /b", "Set-Cookie: a=1; Path=/"),
                ok("", "Set-Cookie: b=2; Path=/"), ok(""));
        LaneClient client = client(lane, (builder) -> builder.redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)));
        client.get(URL);
        assertThat(sentCookies()).isEqualTo("a=1");
        client.get(URL);
        assertThat(sentCookies()).isEqualTo("a=1; b=2");
        this.upstream = FakeUpstream.answering(ok("", "Set-Cookie: a=1"), ok(""));
        LaneClient forgetful = client(lane, (builder) -> builder.cookies(CookieJar.none()));
        forgetful.get(URL);
        forgetful.get(URL);
        assertThat(sentCookies()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A6 request cookies + client cookies: together, the request's first, and not stored")
    void requestAndClientCookies(Lane lane) {
        this.jar.set("a", "1").set("b", "2");
        LaneClient client = withJar(lane);
        client.get(URL, (spec) -> spec.cookie("b", "3").cookie("c", "4"));
        assertThat(sentCookies()).isEqualTo("a=1; b=3; c=4");
        client.get(URL);
        assertThat(sentCookies()).isEqualTo("a=1; b=2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A6 Cookie header given by hand: stands alone, and is dropped by a redirect")
    void byHand(Lane lane) {
        this.jar.set("a", "1");
        this.upstream = FakeUpstream.answering(status(302, "Location: /b"), ok(""));
        client(lane, (builder) -> builder.cookies(this.jar).redirects(RedirectPolicy.of(RedirectMode.FOLLOW, 1)))
            .get(URL, (spec) -> spec.header("Cookie", "hand=2"));
        assertThat(this.upstream.request(0).fields().all("Cookie")).containsExactly("hand=2");
        assertThat(this.upstream.request(1).fields().all("Cookie")).containsExactly("a=1");
    }

    @Test
    @DisplayName("A6 Set-Cookie parsing: one a line, dates, Max-Age before Expires, quotes kept")
    void parsing() {
        assertThat(cookies("https://a.example/", "https://a.example/", "a=1; Expires=Wed, 01 Jan 2070 00:00:00 GMT",
                "b=\"2\"; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "c=3; expires=Thu, 01-Jan-70 00:00:00 GMT", "d=4; Max-Age=0"))
            .isEqualTo("a=1; b=\"2\"");
    }

    @Test
    @DisplayName("A6 matching: paths at their boundaries, longest first; secure; hosts as RFC 6265bis has it")
    void matching() {
        assertThat(cookies("https://a.example/x/y", "https://a.example/x/z", "a=1; Path=/", "b=2; Path=/x",
                "c=3; Path=/xy"))
            .isEqualTo("b=2; a=1");
        assertThat(cookies("https://a.example/", "http://a.example/", "a=1; Secure", "b=2")).isEqualTo("b=2");
        assertThat(cookies("https://a.example/", "https://sub.a.example/", "a=1")).as("HTTPX sends it").isNull();
        assertThat(cookies("https://shop.co.uk/", "https://bank.co.uk/", "a=1; Domain=co.uk"))
            .as("a public suffix, which HTTPX does not know")
            .isNull();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A6 response.cookies: those of that response alone")
    void ofOneResponse(Lane lane) {
        this.upstream = FakeUpstream.answering(ok("", "Set-Cookie: a=1"), ok("", "Set-Cookie: b=2"));
        LaneClient client = client(lane);
        client.get(URL);
        Response response = client.get(URL);
        assertThat(response.cookies().get("b")).contains("2");
        assertThat(response.cookies().get("a")).isEmpty();
    }

}
