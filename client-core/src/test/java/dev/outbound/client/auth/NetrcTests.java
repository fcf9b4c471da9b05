package dev.outbound.client.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Features A8, NetRCAuth.
 */
class NetrcTests {

    @TempDir
    Path folder;

    private static String credentials(String netrc, String host) {
        BasicAuth basic = Netrc.parse(netrc).basic(host);
        if (basic == null) {
            return "";
        }
        String value = basic.sign(Script.get("http://" + host + "/")).fields().first("Authorization");
        return new String(Base64.getDecoder().decode(String.valueOf(value).substring(6)), StandardCharsets.UTF_8);
    }

    @Test
    void findsTheEntryOfAHost() {
        String netrc = """
                # comment machine no.test login x password y
                machine one.test login u1 password p1
                machine two.test
                  user u2 account ignored
                  password "p 2 \\" \\\\"
                machine three.test login only
                machine Four.Test password #notacomment
                macdef init
                cd /machine/five.test login x password y

                machine one.test login u1b password p1b # the last one counts
                """;
        assertThat(credentials(netrc, "one.test")).isEqualTo("u1b:p1b");
        assertThat(credentials(netrc, "two.test")).isEqualTo("u2:p 2 \" \\");
        assertThat(credentials(netrc, "three.test")).isEmpty();
        assertThat(credentials(netrc, "four.test")).isEqualTo(":#notacomment");
        assertThat(credentials(netrc, "five.test")).isEmpty();
        assertThat(credentials(netrc, "one.test.evil.test")).isEmpty();
    }

    @Test
    void fallsBackToTheDefault() {
        String netrc = "machine one.test login u password p\ndefault login d password dp";
        assertThat(credentials(netrc, "any.test")).isEqualTo("d:dp");
        assertThat(credentials(netrc, "one.test")).isEqualTo("u:p");
    }

    @ParameterizedTest
    @ValueSource(strings = { "machine a.test\nlogin u s3cr3t", "s3cr3t", "machine a.test\nlogin u password", "machine",
            "\nmacdef x\ns3cr3t" })
    void namesTheLineThatIsMalformedAndNoWord(String netrc) throws IOException {
        Path file = Files.writeString(this.folder.resolve("netrc"), netrc);
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.netrc(file))
            .withMessageContaining(file.toString())
            .withMessageContaining(" line ")
            .withMessageNotContaining("s3cr3t");
    }

    @Test
    void saysWhichFileIsMissing() {
        Path file = this.folder.resolve("absent");
        assertThatIllegalArgumentException().isThrownBy(() -> Auth.netrc(file)).withMessageContaining(file.toString());
        assertThatIllegalArgumentException().isThrownBy(() -> NetrcFile.readDefault((name) -> null, this.folder))
            .withMessageContaining(this.folder.resolve(".netrc").toString());
    }

    @Test
    void isReadOnce() throws IOException {
        Path file = Files.writeString(this.folder.resolve("netrc"), "machine a.test\r\nlogin u\r\npassword p\r\n");
        Auth auth = Auth.netrc(file);
        Files.delete(file);
        assertThat(Script.start(auth, Script.get("http://a.test:8080/")).authorization()).isEqualTo("Basic dTpw");
        assertThat(Script.start(auth, Script.get("http://b.test/")).authorization()).isEqualTo("null");
        assertThat(auth.toString()).doesNotContain("dTpw");
    }

    @Test
    void isFoundWhereTheEnvironmentSaysOrAtHome() throws IOException {
        Path home = Files.createDirectory(this.folder.resolve("home"));
        Path named = Files.writeString(this.folder.resolve("named"), "machine a.test login named password p");
        Path hidden = Files.writeString(home.resolve(".netrc"), "machine a.test login hidden password p");
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
        assertThat(
                NetrcFile.readDefault((name) -> name.equals("NETRC") ? named.toString() : null, home).basic("a.test"))
            .isNotNull();
        assertThat(NetrcFile.readDefault((name) -> null, home).basic("a.test")).isNotNull();
        Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-r-----"));
        assertThatIllegalArgumentException().isThrownBy(() -> NetrcFile.readDefault((name) -> "", home))
            .withMessageContaining("chmod 600");
    }

}
