package dev.outbound.client.http;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CookieDateTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sun, 06 Nov 1994 08:49:37 GMT        | 1994-11-06T08:49:37Z
            Sunday, 06-Nov-94 08:49:37 GMT       | 1994-11-06T08:49:37Z
            Sun Nov  6 08:49:37 1994             | 1994-11-06T08:49:37Z
            Wed, 09-Nov-1999 23:12:40 GMT        | 1999-11-09T23:12:40Z
            6 november 1994 8:4:7                | 1994-11-06T08:04:07Z
            08:49:37 6 Nov 94                    | 1994-11-06T08:49:37Z
            1994 Nov 6 08:49:37                  | 1994-11-06T08:49:37Z
            Sun, 06 Nov 1994 08:49:37 +0200      | 1994-11-06T08:49:37Z
            Sun, 06 Nov 1994 08:49:37.123 GMT    | 1994-11-06T08:49:37Z
            06th Nov 1994 08:49:37GMT            | 1994-11-06T08:49:37Z
            6 Nov 69 00:00:00                    | 2069-11-06T00:00:00Z
            6 Nov 70 00:00:00                    | 1970-11-06T00:00:00Z
            6 Nov 1601 00:00:00                  | 1601-11-06T00:00:00Z
            31 Dec 99999 00:00:00                | 9999-12-31T00:00:00Z
            6 Nov 1600 00:00:00                  |
            30 Feb 2026 00:00:00                 |
            0 Nov 2026 00:00:00                  |
            32 Nov 2026 00:00:00                 |
            6 Nov 2026 24:00:00                  |
            6 Nov 2026 00:60:00                  |
            6 Nov 2026 00:00:60                  |
            6 Nov 2026                           |
            Nov 2026 00:00:00                    |
            6 2026 00:00:00                      |
            6 Nov 00:00:00                       |
            6 Nov 202 00:00:00                   |
            ''                                   |
            0                                    |
            never                                |
            """)
    void parse(String text, @Nullable Instant time) {
        assertThat(CookieDate.parse(text)).isEqualTo(time);
    }

}
