package dev.outbound.mock;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Takes a multipart body apart (RFC 7578), as leniently as a server in a test may.
 */
final class MultipartReader {

    private static final Pattern PARAMETER = Pattern.compile("(name|filename)=(?:\"([^\"]*)\"|([^;\\s]*))",
            Pattern.CASE_INSENSITIVE);

    private MultipartReader() {
    }

    static List<Part> read(byte[] body, String boundary) {
        // Each byte is a character, so that searching text finds positions of bytes.
        String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
        String delimiter = "\r\n--" + boundary;
        List<Part> parts = new ArrayList<>();
        int start = text.indexOf(delimiter);
        while (start >= 0) {
            int next = text.indexOf(delimiter, start + delimiter.length());
            int head = text.indexOf("\r\n", start + delimiter.length());
            int content = text.indexOf("\r\n\r\n", head);
            if (next < 0 || head < 0 || content < 0 || content > next) {
                break;
            }
            Part part = part(text.substring(head, content), text.substring(content + 4, next));
            if (part != null) {
                parts.add(part);
            }
            start = next;
        }
        return parts;
    }

    private static @Nullable Part part(String head, String content) {
        String name = null;
        String fileName = null;
        String type = null;
        for (String line : head.split("\r\n")) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-type:")) {
                type = line.substring(line.indexOf(':') + 1).strip();
            }
            if (lower.startsWith("content-disposition:")) {
                Matcher matcher = PARAMETER.matcher(line);
                while (matcher.find()) {
                    String value = (matcher.group(2) != null) ? unescape(matcher.group(2)) : matcher.group(3);
                    if (matcher.group(1).equalsIgnoreCase("name")) {
                        name = value;
                    }
                    else {
                        fileName = value;
                    }
                }
            }
        }
        return (name != null) ? new Part(name, fileName, type, content.getBytes(StandardCharsets.ISO_8859_1)) : null;
    }

    /** As the HTML standard escapes names, in UTF-8. */
    private static String unescape(String text) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).replace("%22", "\"")
            .replace("%0D", "\r")
            .replace("%0A", "\n");
    }

    record Part(String name, @Nullable String fileName, @Nullable String contentType, byte[] content) {
    }

}
