package dev.outbound.client.http;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FileNameTests {

    private static @Nullable String nameIn(String contentDisposition) {
        return FileName.of(FieldLines.empty().with("Content-Disposition", contentDisposition));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "none", textBlock = """
            attachment; filename="report.pdf"                     | report.pdf
            attachment; filename=report.pdf                       | report.pdf
            inline; FileName="a b.txt"; size=3                    | a b.txt
            filename=x.txt                                        | x.txt
            attachment; filename="a\\"b.txt"                      | a_b.txt
            attachment; filename="a;b.txt"                        | a;b.txt
            attachment; filename*=UTF-8''%e2%82%ac%20rates.txt; filename="EURO.txt" | € rates.txt
            attachment; filename="plain.txt"; filename*=iso-8859-1'en'%A3.txt       | £.txt
            attachment; filename="plain.txt"; filename*=UTF-7''x.txt                | plain.txt
            attachment; filename="plain.txt"; filename*=UTF-8''%zz                  | plain.txt
            attachment; filename="plain.txt"; filename*=UTF-8''%2e%2e%2f            | plain.txt
            attachment                                            | none
            attachment; filename=                                 | none
            attachment; filename=""                               | none
            """)
    void readsWhatTheServerSuggests(String contentDisposition, @Nullable String name) {
        assertThat(nameIn(contentDisposition)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "none", textBlock = """
            ../../etc/passwd         | passwd
            /etc/passwd              | passwd
            ..%2F..%2Fetc%2Fpasswd   | passwd
            %2e%2e%5C%2e%2e%5Cboot.ini | boot.ini
            C:%5CWindows%5Cx.dll     | x.dll
            C:evil.exe               | C_evil.exe
            a.txt:hidden             | a.txt_hidden
            ..                       | none
            .                        | none
            dir%2F                   | none
            %20%20                   | none
            .bashrc                  | bashrc
            ..%20.ssh                | ssh
            a.exe.%20.%20            | a.exe
            a%00.txt                 | a.txt
            a%0d%0ab.txt             | ab.txt
            invoice%E2%80%AEfdp.exe  | invoicefdp.exe
            a%E2%80%8B.txt           | a.txt
            a%3Cb%3E%7C%3F%2A.txt    | a_b____.txt
            CON                      | _CON
            nul.txt                  | _nul.txt
            com1.tar.gz              | _com1.tar.gz
            LPT%C2%B9                | _LPT¹
            console.txt              | console.txt
            .con                     | _con
            """)
    void leadsNowhere(String suggested, @Nullable String name) {
        assertThat(nameIn("attachment; filename*=UTF-8''" + suggested)).isEqualTo(name);
    }

    @Test
    void readsUtf8ThatWasWrittenAsItIs() {
        String written = new String("ü.txt".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(nameIn("attachment; filename=\"" + written + "\"")).isEqualTo("ü.txt");
    }

    @Test
    void shortensTheStemAndKeepsTheExtension() {
        String name = nameIn("attachment; filename*=UTF-8''" + "%C3%A4".repeat(300) + ".tar");
        assertThat(name).endsWith("ä.tar");
        assertThat(String.valueOf(name).getBytes(StandardCharsets.UTF_8).length).isBetween(253, 255);
        assertThat(nameIn("attachment; filename=" + "x".repeat(10_000) + "." + "y".repeat(10_000))).hasSize(255);
    }

    @Test
    void nothingIsSuggestedWithoutTheField() {
        assertThat(FileName.of(FieldLines.empty())).isNull();
    }

}
