package dev.outbound.boot;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;

/** S104: libraries below the clients that are known to be vulnerable. */
class EngineVersionsTests {

    static final List<EngineVersions.Floor> FLOORS = EngineVersions.FLOORS;

    /** What this project is built with, and so what the build may not go below. */
    @ParameterizedTest
    @FieldSource("FLOORS")
    void theOnesOfThisBuildAreKnownAndHighEnough(EngineVersions.Floor floor) {
        String version = EngineVersions.version(floor.type(), getClass().getClassLoader());
        assertThat(version).as(floor.library()).matches("\\d+\\.\\d+.*");
        assertThat(warnings(Map.of(floor.type(), version))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            org.apache.hc.core5.http.HttpVersion,       5.4
            org.apache.hc.core5.http.HttpVersion,       5.4.1
            org.apache.hc.core5.http.HttpVersion,       5.4-beta1
            io.netty.handler.codec.http.HttpVersion,    4.2.9.Final
            io.netty.handler.codec.http.HttpVersion,    4.1.138.Final
            reactor.netty.http.HttpProtocol,            1.3.5
            org.springframework.http.HttpMethod,        7.0.7
            tools.jackson.databind.cfg.PackageVersion,  3.1.3
            tools.jackson.databind.cfg.PackageVersion,  3.1.0-rc1
            """)
    void anEarlierOneIsToldWithThePropertyThatRaisesIt(String type, String version) {
        assertThat(warnings(Map.of(type, version))).singleElement().satisfies((problem) -> {
            assertThat(problem.reason()).contains(version).contains("CVE-2026-");
            assertThat(problem.action()).contains(".version`");
        });
    }

    /** The version of Spring Boot 4.1.0 must not alarm each application at each start. */
    @Test
    void oneWhoseWeaknessTheClientsDoNotHaveIsNotedForWhatElseUsesIt() {
        Problems problems = new Problems();
        EngineVersions.check(Map.of("org.apache.hc.core5.http.HttpVersion", "5.4.2")::get, problems);
        problems.settle(false, true);
        assertThat(problems.warnings()).isEmpty();
        assertThat(problems.failures()).isEmpty();
        assertThat(problems.notes()).singleElement().satisfies((note) -> {
            assertThat(note.reason()).contains("5.4.2", "CVE-2026-54399", "not through these clients");
            assertThat(note.action()).contains("`httpcore5.version` to 5.4.3");
        });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            org.apache.hc.core5.http.HttpVersion,       5.4.3
            org.apache.hc.core5.http.HttpVersion,       5.10
            io.netty.handler.codec.http.HttpVersion,    4.2.15.Final
            io.netty.handler.codec.http.HttpVersion,    5.0.0.Alpha1
            org.springframework.http.HttpMethod,        7.1.0-M1
            """)
    void aLaterOneIsNot(String type, String version) {
        assertThat(warnings(Map.of(type, version))).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotToldOf() {
        assertThat(warnings(Map.of())).isEmpty();
        assertThat(EngineVersions.version("com.example.Missing", getClass().getClassLoader())).isNull();
        assertThat(EngineVersions.version(EngineVersionsTests.class.getName(), getClass().getClassLoader())).isNull();
    }

    private static List<Problem> warnings(Map<String, String> versions) {
        Problems problems = new Problems();
        EngineVersions.check(versions::get, problems);
        assertThat(problems.failures()).isEmpty();
        return problems.warnings();
    }

}
