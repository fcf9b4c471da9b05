package dev.outbound.client.http;

import org.springframework.http.HttpStatus;

/**
 * The phrases of the registered status codes, for versions of HTTP that send none. Where
 * Spring's are not HTTPX's, HTTPX's.
 */
final class ReasonPhrases {

    private ReasonPhrases() {
    }

    /** Return the phrase, or an empty text. */
    static String of(int statusCode) {
        return switch (statusCode) {
            case 305 -> "Use Proxy";
            case 413 -> "Request Entity Too Large";
            case 414 -> "Request-URI Too Long";
            case 416 -> "Requested Range Not Satisfiable";
            case 418 -> "I'm a teapot";
            case 422 -> "Unprocessable Entity";
            case 505 -> "HTTP Version Not Supported";
            case 509 -> "";
            default -> {
                HttpStatus status = HttpStatus.resolve(statusCode);
                yield (status != null) ? status.getReasonPhrase() : "";
            }
        };
    }

}
