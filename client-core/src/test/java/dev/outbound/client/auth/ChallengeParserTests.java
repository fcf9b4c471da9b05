package dev.outbound.client.auth;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChallengeParserTests {

    @Test
    void readsSeveralChallengesOfOneLine() {
        List<Challenge> challenges = ChallengeParser
            .parse("Basic realm=\"simple\", Negotiate, Negotiate YII/+kA==, Digest realm=\"r\", nonce=\"n\", NTLM");
        assertThat(challenges).hasSize(5);
        assertThat(challenges.get(0).is("basic")).isTrue();
        assertThat(challenges.get(0).param("realm")).isEqualTo("simple");
        assertThat(challenges.get(1).params()).isEmpty();
        assertThat(challenges.get(2).params()).containsEntry("", "YII/+kA==");
        assertThat(challenges.get(3).params()).containsEntry("realm", "r").containsEntry("nonce", "n").hasSize(2);
        assertThat(challenges.get(4).is("NTLM")).isTrue();
        assertThat(challenges).extracting(Challenge::problem).containsOnlyNulls();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', delimiter = '|',
            value = { "Digest realm=\"a, b=\\\"c\\\"\"|a, b=\"c\"", "Digest realm=plain|plain",
                    "Digest REALM = \"a\"|a", "Digest   realm=\"a\" ,, nonce=\"n\"|a", "Digest realm=\"\\\\\"|\\",
                    ", ,Digest\trealm=\"Negotiate x\"|Negotiate x", "Digest realm=dGVz==|dGVz==",
                    "Digest realm=\"a\", realm=\"b\"|b",
                    "Digest realm=\"Basic realm=\\\"x\\\", Digest y=z\"|" + "Basic realm=\"x\", Digest y=z" })
    void readsValues(String line, String realm) {
        List<Challenge> challenges = ChallengeParser.parse(line);
        assertThat(challenges).hasSize(1);
        assertThat(challenges.get(0).param("realm")).isEqualTo(realm);
        assertThat(challenges.get(0).problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "Digest realm=\"s3cr3t", "Digest nonce=\"s3cr3t\" realm=\"r\"", "Digest realm=\"s3cr3t\\",
            "Digest realm=\"s3cr3t\"x", "Digest realm=\"s3cr3t\", =\"b\"", "Digest realm=s3cr3t\"b\"" })
    void saysWhatIsMalformedWithoutValues(String line) {
        List<Challenge> challenges = ChallengeParser.parse(line);
        assertThat(challenges).hasSize(1);
        assertThat(challenges.get(0).problem()).isNotNull().doesNotContain("s3cr3t");
    }

    @Test
    void keepsWhatCameBeforeAMistake() {
        List<Challenge> challenges = ChallengeParser.parse("Digest realm=\"r\", nonce=\"n\", Basic realm=\"x");
        assertThat(challenges).extracting(Challenge::problem)
            .satisfiesExactly((first) -> assertThat(first).isNull(),
                    (second) -> assertThat(second).contains("'realm'"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", ",", "=", "\"", "\"Digest\"", "=,=" })
    void findsNothingInNonsense(String line) {
        assertThat(ChallengeParser.parse(line)).isEmpty();
    }

    @Test
    void readsParametersWithoutAScheme() {
        Challenge info = ChallengeParser.parameters("nextnonce=\"n2\", qop=auth, rspauth=\"\", nc=00000001");
        assertThat(info.param("nextnonce")).isEqualTo("n2");
        assertThat(info.param("nc")).isEqualTo("00000001");
    }

    @Test
    void endsOnEveryInput() {
        java.util.Random random = new java.util.Random(7);
        String alphabet = "aD =\",\\\t/";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder line = new StringBuilder();
            for (int length = random.nextInt(14); length > 0; length--) {
                line.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(ChallengeParser.parse(line.toString())).hasSizeLessThan(15);
        }
    }

}
