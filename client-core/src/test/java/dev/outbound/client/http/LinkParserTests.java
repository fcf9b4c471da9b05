package dev.outbound.client.http;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class LinkParserTests {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '~', delimiter = '|', textBlock = """
            </a>; rel=next                          | {rel=next}
            </a>;rel="next";title="a=b;c,d"         | {rel=next, title=a=b;c,d}
            </a>; crossorigin; rel=next             | {rel=next}
            </a>;;; rel = next ;                    | {rel=next}
            </a>; rel="a\\"b"                        | {rel=a"b}
            </a>; rel="open                         | {rel=open}
            </a>; title*=UTF-8''%e2%82%ac; REL=x    | {title*=UTF-8''%e2%82%ac, REL=x}
            </a>                                    | {}
            """)
    void parameters(String value, String parameters) {
        assertThat(LinkParser.parse(List.of(value))).singleElement()
            .satisfies((link) -> assertThat(link.url()).isEqualTo("/a"))
            .satisfies((link) -> assertThat(link.parameters()).hasToString(parameters));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", ",", "x", "<", "<a", "a>; rel=x", ",,<", ";", "\"<a>\"" })
    void whatIsNoLinkIsLeftOut(String value) {
        assertThat(LinkParser.parse(List.of(value))).isEmpty();
    }

    @Test
    void brokenLinkDoesNotHideTheNext() {
        assertThat(LinkParser.parse(List.of("nonsense, </a>; rel=x"))).extracting(Link::url).containsExactly("/a");
    }

    @Test
    void lastOfARelationCounts() {
        assertThat(LinkParser.byRelation(LinkParser.parse(List.of("</a>; rel=x, </b>; rel=x, </c>; rel=\"\""))))
            .hasToString("{x=Link[/b, rel=x], /c=Link[/c, rel=]}");
    }

    @Test
    void toStringForgesNothing() {
        assertThat(new Link("a\nb", java.util.Map.of("rel", "x\ny")).toString()).doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = { "<", "<a>", "<a>;", ";", ",", "\"", "<a>;a=\"", "\\", "<,", "<a>;a=b," })
    void largeFieldIsReadInLinearTime(String piece) {
        String value = piece.repeat(1_000_000 / piece.length());
        assertTimeout(Duration.ofSeconds(2), () -> assertThat(LinkParser.parse(List.of(value))).isNotNull());
    }

}
