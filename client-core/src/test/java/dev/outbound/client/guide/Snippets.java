package dev.outbound.client.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The marked parts of a source file: what stands between {@code // tag::name[]} and
 * {@code // end::name[]}. Where the tests have the address of their server, readers see
 * {@value #ADDRESS}.
 */
final class Snippets {

    private static final String ADDRESS = "https://api.example.com";

    private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::([\\w-]+)\\[]");

    private Snippets() {
    }

    /** Return the snippets of a file by their names, in order. */
    static Map<String, String> read(Path source) throws IOException {
        Map<String, String> snippets = new LinkedHashMap<>();
        String open = null;
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(source)) {
            Matcher tag = TAG.matcher(line);
            if (!tag.matches()) {
                lines.add(line);
            }
            else if (tag.group(1).equals("tag")) {
                check(open == null, source, tag.group(2) + " begins within " + open);
                open = tag.group(2);
                lines.clear();
            }
            else {
                check(tag.group(2).equals(open), source, tag.group(2) + " ends, but " + open + " is open");
                check(snippets.put(tag.group(2), text(lines)) == null, source, tag.group(2) + " is there twice");
                open = null;
            }
        }
        check(open == null, source, open + " does not end");
        return snippets;
    }

    private static void check(boolean right, Path source, String mistake) {
        if (!right) {
            throw new IllegalStateException(source + ": snippet " + mistake);
        }
    }

    private static String text(List<String> lines) {
        String code = String.join("\n", lines).stripTrailing().stripIndent().strip();
        return code.replace("API + \"/", "\"" + ADDRESS + "/").replaceAll("\\bAPI\\b", "\"" + ADDRESS + "\"");
    }

}
