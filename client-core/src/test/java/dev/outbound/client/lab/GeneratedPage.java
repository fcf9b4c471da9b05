package dev.outbound.client.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page of the documentation that a test makes of the code, so that the two cannot
 * differ.
 */
public final class GeneratedPage {

    private GeneratedPage() {
    }

    /**
     * Fail unless the page has this content.
     * @param page the file
     * @param content what the test has made
     * @param property the system property that writes the page instead, to be reviewed
     */
    public static void assertUpToDate(Path page, String content, String property) throws IOException {
        if (Boolean.getBoolean(property)) {
            Files.writeString(page, content);
        }
        assertThat(Files.readString(page)).as("%s; -D%s=true writes it", page, property).isEqualTo(content);
    }

}
