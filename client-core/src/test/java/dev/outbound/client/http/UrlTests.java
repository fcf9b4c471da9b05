package dev.outbound.client.http;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class UrlTests {

    private static InvalidUrlException refused(String url) {
        InvalidUrlException[] refusal = new InvalidUrlException[1];
        assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> Url.parse(url))
            .satisfies((ex) -> refusal[0] = ex);
        return refusal[0];
    }

    @Nested
    class Parse {

        @ParameterizedTest
        @CsvSource(nullValues = "null", textBlock = """
                http://good.test@evil.test/,         evil.test
                https://good.test:pass@evil.test,    evil.test
                http://a@b@evil.test/,               evil.test
                http://evil.test#@good.test/,        evil.test
                http://evil.test?@good.test/,        evil.test
                http://evil.test/@good.test,         evil.test
                http://GOOD.test,                    good.test
                http://good.test.,                   good.test.
                http://[::1]/,                       ::1
                http://[::FFFF:169.254.169.254]/,    ::ffff:169.254.169.254
                http://127.0.0.1/,                   127.0.0.1
                http://2130706433/,                  2130706433
                http://127.1/,                       127.1
                http://0x7f.1/,                      0x7f.1
                http://127.0.0.1./,                  127.0.0.1.
                //h/x,                               h
                """)
        void hostIsWhatIsConnectedTo(String url, String host) {
            assertThat(Url.parse(url).host()).isEqualTo(host);
        }

        @ParameterizedTest(name = "S20 {0}")
        @ValueSource(strings = { "http://good.test\\@evil.test/", "http://good.test\\evil", "http://a\\b@h/x\\y@\\",
                "ht\ntp://h/", "http://h\t/", "http://h/\r\nX: 1", "http://h/\u0000", "\u0001http://h",
                "http://h/\u007f", "\nhttp://h/" })
        void backslashInHostAndControlCharactersAreRefused(String url) {
            refused(url);
        }

        @ParameterizedTest
        @ValueSource(strings = { "http://ev%69l.test/", "http://good.test%2eevil", "http://a%00b/", "http://a b/",
                "http://a<b/", "http://a\"b/", "http://a{b}/", "http://a|b/", "http://a^b/" })
        void oddHostIsNotSendable(String url) {
            assertThat(Url.parse(url).hasSendableHost()).as("S21 %s", url).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = { "http://a-b_c.example:8080/", "http://[::1]/", "http://1.2.3.4/", "http://faß.de/" })
        void plainHostIsSendable(String url) {
            assertThat(Url.parse(url).hasSendableHost()).isTrue();
        }

        @ParameterizedTest(name = "S22 {0}")
        @ValueSource(strings = { "http://\uff41pple.test/", "http://so\u00adft.test/", "http://\u2603.test/",
                "http://xn--/", "http://xn--a-/", "http://www.xn--\u00e9.test/", "http://\u200dx.test/",
                "http://-é.test/", "http://é-.test/", "http://é..test/", "http://\u0301a.test/", "http://a\u0301.test/",
                "http://xn--zzzzzzzzzzzzzzzzzzzz99999999999999/" })
        void nameThatIdnaDoesNotAllowIsRefused(String url) {
            refused(url);
        }

        @Test
        void fullWidthDotSeparatesLabels() {
            assertThat(Url.parse("http://é\u3002test/").host()).isEqualTo("xn--9ca.test");
        }

        @ParameterizedTest(name = "S23 {0}")
        @ValueSource(strings = { "http://[fe80::1%eth0]/", "http://[fe80::1%25]/", "http://[fe80::1%25e/]/",
                "http://[]/", "http://[::1", "http://::1/", "http://[1::2::3]/", "http://[12345::]/",
                "http://[1:2:3:4:5:6:7:8:9]/", "http://[1:2:3]/", "http://[::1]x/", "http://[::1.2.3]/", "http://[:1]/",
                "http://[1:]/", "http://[v1.x]/", "http://[::g]/" })
        void badAddressIsRefused(String url) {
            refused(url);
        }

        @Test
        void zoneIsNeverSent() {
            Url url = Url.parse("http://[FE80::1%25eth0]:8080/x");
            assertThat(url.host()).isEqualTo("fe80::1%25eth0");
            assertThat(url.authority()).isEqualTo("[fe80::1]:8080");
            assertThat(url.text()).isEqualTo("http://[fe80::1%25eth0]:8080/x");
        }

        @ParameterizedTest(name = "S24 {0}")
        @ValueSource(strings = { "http://0177.0.0.1/", "http://256.1.1.1/", "http://1.2.3.04/", "http://1.2.3.1000/" })
        void badIpv4IsRefused(String url) {
            refused(url);
        }

        @ParameterizedTest(name = "S25 {0}")
        @ValueSource(strings = { "http://h:0/", "http://h:80:81/", "http://h:+80/", "http://h:99999/", "http://h: 80/",
                "http://h:-1/", "http://h:80a/", "http://h:\u0661/", "http://[::1]:x/",
                "http://h:99999999999999999999/" })
        void badPortIsRefused(String url) {
            refused(url);
        }

        @Test
        void zerosBeforeAPortMakeNoDifference() {
            assertThat(Url.parse("http://h:" + "0".repeat(1000) + "8080/").port()).isEqualTo(8080);
        }

        @ParameterizedTest
        @ValueSource(strings = { "//", "///", "////x", "http:////x", "http:/.//x", "http:/..//x", ":x", "::" })
        void textThatWouldMeanAnotherHostIsRefused(String url) {
            assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> {
                Url parsed = Url.parse(url);
                assertThat(Url.parse(parsed.text())).isEqualTo(parsed);
                throw new InvalidUrlException("is read back as the same");
            });
        }

        @Test
        void refusalShowsNoPassword() {
            assertThat(refused("https://user:s3cr/et@h/")).hasMessageNotContaining("s3cr");
            assertThat(refused("https://user:s3cret@h:x/?token=t0ken")).hasMessageNotContaining("s3cret")
                .hasMessageNotContaining("t0ken");
            assertThat(refused("https://user:s3cret@h/\n")).hasMessageNotContaining("s3cret");
            assertThat(refused("https://user:s3cret@[x]/")).hasMessageNotContaining("s3cret");
        }

        @Test
        void refusalNamesTheCulprit() {
            assertThat(refused("http://h/a\tb")).hasMessageContaining("a tab at position 10");
            assertThat(refused("http://h:abc/")).hasMessageContaining("'abc'");
            assertThat(refused("http://999.1.1.1/")).hasMessageContaining("'999.1.1.1'");
        }

        @Test
        void tooLongIsRefused() {
            refused("http://h/" + "x".repeat(65536));
            assertThat(Url.parse("http://h/" + "x".repeat(60000)).path()).hasSize(60001);
        }

        @Test
        void nullIsMisuse() {
            assertThatIllegalArgumentException().isThrownBy(() -> Url.parse(Nulls.nullString()));
        }

        @ParameterizedTest
        @ValueSource(strings = { "/", ".", "../", "a", "%", "%2", "é", "@", ":", "?", "#", "[", "xn--", "//", "\\" })
        void anyTextIsReadInLinearTime(String piece) {
            String text = piece.repeat(1_000_000 / piece.length());
            assertTimeout(Duration.ofSeconds(2), () -> {
                for (String prefix : new String[] { "", "http://", "http://h/", "http://h/?" }) {
                    try {
                        Url.parse(prefix + text);
                        Url.parse(prefix + text.substring(0, 65_000));
                    }
                    catch (InvalidUrlException ex) {
                        assertThat(ex.getMessage()).hasSizeLessThan(400);
                    }
                }
            });
        }

        @Test
        void everyTargetIsSendable() {
            Random random = new Random(4);
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder("http://h/");
                random.ints(8, 0x20, (i % 2 == 0) ? 0x80 : 0x11000).forEach(text::appendCodePoint);
                try {
                    Url url = Url.parse(text.toString());
                    assertThat(url.target() + url.authority()).as("S4 %s", text).matches("[!-~]*");
                    assertThat(Url.parse(url.text())).as("%s", text).isEqualTo(url);
                }
                catch (InvalidUrlException ex) {
                    assertThat(text).as("%s", ex.getMessage()).contains("\u007f");
                }
            }
        }

    }

    @Nested
    class Append {

        @ParameterizedTest
        @CsvSource(textBlock = """
                https://h/v1,   users,       https://h/v1/users
                https://h/v1/,  /users,      https://h/v1/users
                https://h,      '',          https://h/
                https://h/v1,   a b,         https://h/v1/a%20b
                https://h/v1,   ../../x,     https://h/x
                https://h/v1,   x#f,         https://h/v1/x
                https://h/v1,   https://z/y, https://z/y
                """)
        void pathFollowsThatOfTheBase(String base, String reference, String merged) {
            assertThat(Url.parse(base).asBase().append(Url.parse(reference))).hasToString(merged);
        }

        @Test
        void simpleIsTheSameAsParsed() {
            Random random = new Random(5);
            String[] pieces = { "a", "Z9", "/", "//", ".", "..", "?", "&", "=", "+", "%2F", "é", " ", "#", ":", "@",
                    "~", "-_", ",", ";", "{x}", "\\" };
            int simple = 0;
            for (int i = 0; i < 50_000; i++) {
                StringBuilder reference = new StringBuilder();
                for (int j = random.nextInt(5); j >= 0; j--) {
                    reference.append(pieces[random.nextInt(pieces.length)]);
                }
                for (String base : new String[] { "https://h/", "https://h/v1/x" }) {
                    Url url = Url.parse(base).asBase();
                    Url appended = url.appendSimple(reference.toString());
                    if (appended != null) {
                        simple++;
                        assertThat(appended).as("%s + %s", base, reference)
                            .isEqualTo(url.append(Url.parse(reference.toString())));
                    }
                }
            }
            assertThat(simple).isGreaterThan(5000);
        }

        @ParameterizedTest
        @ValueSource(strings = { "//evil.test/x", "..", "a/..", "a/./b", ".hidden", "%2e%2e", "a\\b", "a;b",
                "https://evil", "a b", "x#f", "a//b", "{x}", "é", "a\r\nb" })
        void whatIsNotPlainIsNotSimple(String reference) {
            assertThat(Url.parse("https://h/v1").asBase().appendSimple(reference)).isNull();
        }

        @Test
        void baseWithQueryOrWithoutHostIsNotSimple() {
            assertThat(Url.parse("https://h/?x").appendSimple("a")).isNull();
            assertThat(Url.parse("/x").appendSimple("a")).isNull();
        }

    }

    @Nested
    class Resolve {

        @ParameterizedTest
        @CsvSource(textBlock = """
                https://h/a/b,    c,              https://h/a/c
                https://h/a/b#f,  c,              https://h/a/c#f
                https://h/a/b#f,  c#g,            https://h/a/c#g
                https://h/a/b,    //x/y,          https://x/y
                https://h/a/b,    http://x,       http://x
                https://h:8443/a, https:/b,       https://h/b
                https://h/a,      https://:444/b, https://h:444/b
                https://h/a?q,    '',             https://h/a?q
                """)
        void locationMeans(String url, String location, String target) {
            assertThat(Url.parse(url).resolve(Url.parse(location))).hasToString(target);
        }

        @Test
        void locationWithoutHostOfAnotherSchemeStaysWhatItIs() {
            assertThat(Url.parse("https://h/a").resolve(Url.parse("file:///etc/passwd")).scheme()).isEqualTo("file");
            assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> Url.parse("https://h/a").resolve(Url.parse("mailto:a@b")));
        }

        @Test
        void joinInheritsNoFragment() {
            assertThat(Url.parse("https://h/a#f").join(Url.parse("b"))).hasToString("https://h/b");
        }

        @Test
        void joinNeverMakesAHostOfAPath() {
            assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> Url.parse("/a").join(Url.parse("/.//evil.test")));
            assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> Url.parse("/").append(Url.parse("/.//evil.test")));
        }

    }

    @Nested
    class Queries {

        @Test
        void withQueryEncodesAndRefuses() {
            Url url = Url.parse("http://h/x?a=1#f");
            assertThat(url.withQuery("b=c d&e=%20")).hasToString("http://h/x?b=c%20d&e=%20#f");
            assertThat(url.withQuery("")).hasToString("http://h/x?#f");
            assertThat(url.withQuery(null)).hasToString("http://h/x#f");
            assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> url.withQuery("a\r\nHost: evil"));
            assertThatExceptionOfType(InvalidUrlException.class).isThrownBy(() -> url.withQuery("a#b"));
        }

        @Test
        void paramsAreThoseOfTheQuery() {
            assertThat(Url.parse("http://h/?a=1&b=2&a=3").params().all("a")).containsExactly("1", "3");
            assertThat(Url.parse("http://h/").params().isEmpty()).isTrue();
        }

    }

    @Nested
    class Secrecy {

        private final Url url = Url.parse("https://user:s3cret@h/path?token=t0ken#f");

        @Test
        void textHasThePasswordAndToStringNot() {
            assertThat(this.url.text()).isEqualTo("https://user:s3cret@h/path?token=t0ken#f");
            assertThat(this.url.toString())
                .isEqualTo("https://user:" + Secrets.MASK + "@h/path?token=" + Secrets.MASK + "#f");
            assertThat(this.url.withoutUserInfo()).hasToString("https://h/path?token=" + Secrets.MASK + "#f");
        }

        @Test
        void redactedHasNoQueryAndNoUser() {
            assertThat(this.url.redacted()).isEqualTo("https://h/path");
            assertThat(Url.parse("//h/x").redacted()).isEqualTo("//h/x");
            assertThat(Url.parse("/x?y").redacted()).isEqualTo("/x");
        }

        @Test
        void hostFieldAndOriginHaveNoUser() {
            assertThat(this.url.authority()).isEqualTo("h");
            assertThat(this.url.origin()).isEqualTo("https://h");
        }

        @Test
        void failureOfToUriShowsNoSecret() {
            assertThat(this.url.toUri().getHost()).isEqualTo("h");
            assertThatExceptionOfType(InvalidUrlException.class)
                .isThrownBy(() -> Url.parse("https://user:s3cret@h/a|b?token=t0ken").toUri())
                .satisfies((ex) -> assertThat(ex).hasMessageNotContaining("s3cret").hasMessageNotContaining("t0ken"))
                .withMessageContaining("https://h/a|b")
                .withNoCause();
        }

    }

    @Nested
    class Origins {

        @ParameterizedTest
        @CsvSource(textBlock = """
                https://h/a,     https://H:443/b,       true
                http://h,        http://h:80/x,         true
                https://h,       http://h,              false
                https://h,       https://h:444,         false
                https://h,       https://h.,            false
                https://faß.de,  https://xn--fa-hia.de, true
                http://[::A],    http://[::a],          true
                """)
        void sameOrigin(String one, String other, boolean same) {
            assertThat(Url.parse(one).hasSameOrigin(Url.parse(other))).isEqualTo(same);
            assertThat(Url.parse(other).hasSameOrigin(Url.parse(one))).isEqualTo(same);
        }

    }

}
