package dev.outbound.client.http;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CookieTests {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static @Nullable Cookie parse(String url, String setCookie) {
        return Cookie.parse(setCookie, Url.parse(url), NOW);
    }

    private static Cookie parse(String setCookie) {
        Cookie cookie = parse("https://www.example.org/docs/page", setCookie);
        assertThat(cookie).as(setCookie).isNotNull();
        return cookie;
    }

    @Nested
    class Of {

        // S6 of the security matrix
        @ParameterizedTest
        @ValueSource(strings = { "1;2", "1\r\nX: y", "1\n", "1,2", "1 2", " ", "\"", "a\"b", "\"a\"b\"", "a\\b", "\t",
                "\0", "\u007f", "\u00e9", "\u20ac" })
        void s6RefusesValuesThatWouldEndTheCookie(String value) {
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "secret" + value))
                .withMessageContaining("cookie a")
                .withMessageNotContaining("secret");
        }

        @ParameterizedTest
        @ValueSource(strings = { "", "a;b", "a=b", "a,b", "a b", "a\r\n", "\"a\"", "a\u00e9", "\0" })
        void s6RefusesNamesThatAreNoTokens(String name) {
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of(name, "1")).withMessageContaining("name");
        }

        @ParameterizedTest
        @ValueSource(strings = { "", "abc", "a=b", "\"abc\"", "\"\"", "%20", "!#$%&'()*+-./:<=>?@[]^_`{|}~" })
        void acceptsWhatTheRfcDoes(String value) {
            assertThat(Cookie.of("a", value).value()).isEqualTo(value);
        }

    }

    @Nested
    class With {

        @ParameterizedTest
        @CsvSource({ "example.org, example.org", ".Example.ORG, example.org", "example.org., example.org",
                "m\u00fcnchen.de, xn--mnchen-3ya.de", "127.0.0.1, 127.0.0.1", "::1, ::1", "[::1], ::1" })
        void domainsAreKeptAsHostsAreCompared(String domain, String kept) {
            assertThat(Cookie.of("a", "1").withDomain(domain).domain()).isEqualTo(kept);
        }

        @ParameterizedTest
        @ValueSource(
                strings = { "example.org:80", "example.org/x", "u@example.org", "a b", "a;b", "http://a", "a\r\n" })
        void domainsMustBeHosts(String domain) {
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "1").withDomain(domain))
                .withMessageContaining("domain of a cookie");
        }

        @ParameterizedTest
        @ValueSource(strings = { "", "x", "/a;b", "/a\r\n", "/\u00e9" })
        void pathsMustBePaths(String path) {
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("a", "1").withPath(path));
        }

    }

    @Nested
    class Parse {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                a=1                  | a | 1
                a=b=c                | a | b=c
                ' a = 1 '            | a | 1
                a=                   | a | ''
                a="q;uoted"          | a | "q
                a="quoted"           | a | "quoted"
                a=1 2                | a | 1 2
                a=x,y                | a | x,y
                a=%20x               | a | %20x
                a=1;                 | a | 1
                a=1;;;=;x            | a | 1
                """)
        void nameAndValue(String line, String name, String value) {
            assertThat(parse(line)).extracting(Cookie::name, Cookie::value).containsExactly(name, value);
        }

        @ParameterizedTest
        @ValueSource(strings = { "", ";", "a", "=1", " =1", "a; b=1", "a=1\0", "a=\u0001", "a=1\r\nb=2",
                "a=1; Path=/\u007f", "a\tb=1", "a=1\t2", "a=\u20ac" })
        void ignored(String line) {
            assertThat(parse("https://example.org/", line)).isNull();
        }

        @Test
        void nameAndValueMayHave4096OctetsTogether() {
            assertThat(parse("https://example.org/", "a=" + "x".repeat(4095))).isNotNull();
            assertThat(parse("https://example.org/", "a=" + "x".repeat(4096))).isNull();
        }

        @Test
        void attributesOfMoreThan1024OctetsAreIgnored() {
            assertThat(parse("a=1; Path=/" + "x".repeat(1023)).path()).hasSize(1024);
            assertThat(parse("a=1; Path=/" + "x".repeat(1024)).path()).isEqualTo("/docs");
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                a=1; Path=/x            | /x
                a=1; Path=/x/           | /x/
                a=1; Path=x             | /docs
                a=1; Path=              | /docs
                a=1; Path               | /docs
                a=1; path=/x; PATH = /y | /y
                a=1                     | /docs
                """)
        void path(String line, String path) {
            assertThat(parse(line).path()).isEqualTo(path);
        }

        @ParameterizedTest
        @CsvSource({ "https://e.org, /", "https://e.org/, /", "https://e.org/a, /", "https://e.org/a/, /a",
                "https://e.org/a/b?c=/d, /a", "https://e.org//, /" })
        void defaultPath(String url, String path) {
            assertThat(parse(url, "a=1")).isNotNull().extracting(Cookie::path).isEqualTo(path);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                own host             | https://www.example.org/  | www.example.org   | www.example.org
                parent               | https://www.example.org/  | example.org       | example.org
                leading dot          | https://www.example.org/  | .example.org      | example.org
                case                 | https://WWW.Example.ORG/  | EXAMPLE.org       | example.org
                two leading dots     | https://www.example.org/  | ..example.org     |
                dot at the end       | https://www.example.org/  | example.org.      |
                host ends with a dot | https://www.example.org./ | example.org       | example.org
                child                | https://example.org/      | www.example.org   |
                sibling              | https://www.example.org/  | api.example.org   |
                H15 other            | https://www.example.org/  | other.com         |
                H15 no whole label   | https://www.example.org/  | ample.org         |
                H15 IP of another    | https://www.example.org/  | 127.0.0.1         |
                H15 part of an IP    | https://127.0.0.1/        | 0.0.1             |
                H15 last of an IP    | https://127.0.0.1/        | 1                 |
                H15 other IP         | https://127.0.0.1/        | 127.0.0.2         |
                not ASCII            | https://xn--mnchen-3ya.de/| m\u00fcnchen.de   |
                """)
        void domain(String row, String url, String domain, @Nullable String kept) {
            Cookie cookie = parse(url, "a=1; Domain=" + domain);
            assertThat((cookie != null) ? cookie.domain() : null).as(row).isEqualTo(kept);
            assertThat(cookie == null || !cookie.hostOnly()).as(row).isTrue();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                none             | https://www.example.org/ | a=1
                empty            | https://www.example.org/ | a=1; Domain=
                dot              | https://www.example.org/ | a=1; Domain=.
                last one empty   | https://www.example.org/ | a=1; Domain=example.org; Domain
                own IP           | https://127.0.0.1/       | a=1; Domain=127.0.0.1
                IPv6             | https://[::1]/           | a=1
                """)
        void hostOnly(String row, String url, String line) {
            assertThat(parse(url, line)).as(row)
                .isNotNull()
                .extracting(Cookie::hostOnly, Cookie::domain)
                .containsExactly(true, Url.parse(url).host());
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                a=1                                                       |
                a=1; Max-Age=60                                           | 2026-11-22T10:01:00Z
                a=1; Max-Age=060                                          | 2026-11-22T10:01:00Z
                a=1; Max-Age=60; Expires=Wed, 25 Nov 2026 10:00:00 GMT    | 2026-11-22T10:01:00Z
                a=1; Expires=Wed, 25 Nov 2026 10:00:00 GMT; Max-Age=60    | 2026-11-22T10:01:00Z
                a=1; Expires=Wed, 25 Nov 2026 10:00:00 GMT; Max-Age=x     | 2026-11-25T10:00:00Z
                a=1; Expires=Wed, 25 Nov 2026 10:00:00 GMT; Max-Age=1.5   | 2026-11-25T10:00:00Z
                a=1; Max-Age=-                                            |
                a=1; Max-Age=+5                                           |
                a=1; Max-Age=                                             |
                a=1; Expires=Wed, 25 Nov 2026 10:00:00 GMT; Expires=never | 2026-11-25T10:00:00Z
                a=1; Max-Age=99999999999999999999                         | 2027-12-27T10:00:00Z
                a=1; Max-Age=34560001                                     | 2027-12-27T10:00:00Z
                a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT                | 2027-12-27T10:00:00Z
                a=1; Expires=Fri, 31 Dec 99999 23:59:59 GMT               | 2027-12-27T10:00:00Z
                """)
        void h17Expires(String line, @Nullable Instant expires) {
            assertThat(parse(line).expires()).isEqualTo(expires);
        }

        @ParameterizedTest
        @ValueSource(strings = { "Max-Age=0", "Max-Age=-1", "Max-Age=-99999999999999999999", "Max-Age=000",
                "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "Expires=Wed, 31 Dec 1969 23:59:59 GMT",
                "Max-Age=0; Expires=Wed, 25 Nov 2026 10:00:00 GMT" })
        void h17Deleted(String attributes) {
            assertThat(parse("a=1; " + attributes).isExpired(NOW)).isTrue();
        }

        @Test
        void neverLivesLongerThan400Days() {
            assertThat(parse("a=1; Max-Age=99999999").expires()).isEqualTo(NOW.plus(Duration.ofDays(400)));
        }

        @ParameterizedTest
        @CsvSource({ "a=1; SameSite=strict, Strict", "a=1; SameSite=LAX, Lax", "a=1; SameSite=None, None",
                "a=1; SameSite=other,", "a=1," })
        void sameSite(String line, @Nullable String sameSite) {
            assertThat(parse(line).sameSite()).isEqualTo(sameSite);
        }

        @Test
        void flags() {
            assertThat(parse("a=1")).extracting(Cookie::secure, Cookie::httpOnly).containsExactly(false, false);
            assertThat(parse("a=1; secure; HTTPONLY")).extracting(Cookie::secure, Cookie::httpOnly)
                .containsExactly(true, true);
            assertThat(parse("a=1; Secure=false").secure()).isTrue();
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                __Secure-a=1; Secure                            | true
                __Secure-a=1                                    | false
                __SECURE-a=1                                    | false
                __Host-a=1; Secure; Path=/                      | true
                __Host-a=1; Secure; Path=/; Domain=             | true
                __Host-a=1; Path=/                              | false
                __Host-a=1; Secure                              | false
                __Host-a=1; Secure; Path=/x                     | false
                __Host-a=1; Secure; Path=/; Domain=example.org  | false
                __host-a=1; Path=/                              | false
                """)
        void s96Prefixes(String line, boolean kept) {
            assertThat(parse("https://example.org/", line) != null).isEqualTo(kept);
        }

    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /          | /docs      | true
            /docs      | /docs      | true
            /docs      | /docs/     | true
            /docs      | /docs/x    | true
            /docs      | /docsx     | false
            /docs      | /          | false
            /docs/     | /docs      | false
            /docs/     | /docs/x    | true
            /Docs      | /docs      | false
            """)
    void matchesPathsAtSegments(String path, String url, boolean matches) {
        Cookie cookie = Cookie.of("a", "1").withPath(path);
        assertThat(cookie.matches(Url.parse("https://example.org" + url))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({ "http://example.org, true", "https://www.example.org:8443, true", "http://a.b.example.org, true",
            "http://example.org., true", "http://badexample.org, false", "http://org, false" })
    void matchesHostsBelowTheDomain(String url, boolean matches) {
        assertThat(Cookie.of("a", "1").withDomain("example.org").matches(Url.parse(url))).isEqualTo(matches);
        assertThat(Cookie.of("a", "1").matches(Url.parse(url))).isTrue();
        assertThat(Cookie.of("a", "1").withHost("example.org").matches(Url.parse(url)))
            .isEqualTo(matches && !url.contains("www") && !url.contains("a.b"));
    }

    @Test
    void secureOnesMatchHttpsOnly() {
        Cookie cookie = Cookie.of("a", "1").withSecure(true);
        assertThat(cookie.matches(Url.parse("https://example.org"))).isTrue();
        assertThat(cookie.matches(Url.parse("http://example.org"))).isFalse();
    }

    @Test
    void textHidesTheValue() {
        assertThat(parse("sid=very-secret; Secure; Domain=example.org; Max-Age=60"))
            .hasToString("sid=****** (*.example.org, /docs, until 2026-11-22T10:01:00Z, secure)");
    }

    @Nested
    class Lists {

        private final Cookies cookies = Cookies.empty()
            .with(Cookie.of("a", "1").withDomain("example.com"))
            .with(Cookie.of("a", "2").withDomain("example.org"))
            .with(Cookie.of("b", "3"));

        @Test
        void getsByName() {
            assertThat(this.cookies.get("b")).contains("3");
            assertThat(this.cookies.get("B")).isEmpty();
            assertThat(this.cookies.get("a", ".EXAMPLE.org", null)).contains("2");
            assertThat(this.cookies.get("a", "", null)).isEmpty();
            assertThat(this.cookies.get("b", "", "/")).contains("3");
        }

        @Test
        void aNameOfSeveralIsAConflict() {
            assertThatExceptionOfType(CookieConflictException.class).isThrownBy(() -> this.cookies.get("a"))
                .withMessageContaining("'a'")
                .withMessageContaining("example.com")
                .withMessageContaining("give the domain");
        }

        @Test
        void receivedAreThoseOfTheResponseAlone() {
            FieldLines fields = FieldLines.builder()
                .add("Set-Cookie", "a=1")
                .add("set-cookie", "b=2; Domain=other.org")
                .add("Set-Cookie", "c=3")
                .add("Set-Cookie", "a=4")
                .add("Set-Cookie", "c=; Max-Age=0")
                .build();
            assertThat(Cookies.received(fields, Url.parse("http://example.org/"), NOW))
                .extracting(Cookie::name, Cookie::value)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "4"));
        }

    }

}
