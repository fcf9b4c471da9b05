package dev.outbound.client.http;

/**
 * Removes {@code .} and {@code ..} from a path (RFC 3986, section 5.2.4).
 */
final class DotSegments {

    private DotSegments() {
    }

    static String remove(String path) {
        if (!hasAny(path)) {
            return path;
        }
        StringBuilder kept = new StringBuilder(path.length());
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf('/', start);
            boolean last = end < 0;
            end = last ? path.length() : end;
            int length = end - start;
            if (length == 2 && path.startsWith("..", start)) {
                removeLast(kept);
            }
            else if (length != 1 || path.charAt(start) != '.') {
                kept.append(path, start, end);
                if (!last) {
                    kept.append('/');
                }
            }
            start = end + 1;
        }
        return kept.toString();
    }

    private static boolean hasAny(String path) {
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            if (dot == 0 || path.charAt(dot - 1) == '/') {
                int end = path.startsWith("..", dot) ? dot + 2 : dot + 1;
                if (end == path.length() || path.charAt(end) == '/') {
                    return true;
                }
            }
        }
        return false;
    }

    /** Remove the last segment, and its slash only if it is not the path's first. */
    private static void removeLast(StringBuilder kept) {
        int end = kept.length() - 1;
        if (end > 0) {
            kept.setLength(kept.lastIndexOf("/", end - 1) + 1);
        }
    }

}
