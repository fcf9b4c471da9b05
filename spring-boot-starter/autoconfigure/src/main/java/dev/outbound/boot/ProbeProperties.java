package dev.outbound.boot;

import java.time.Duration;
import java.util.List;

/**
 * Request that asks an upstream for its health. Without this block nothing is sent for
 * it. It is sent when the health is asked for and the last answer is too old, never twice
 * at a time, and counts in no statistics of the client's calls.
 *
 * @since 0.1
 */
public class ProbeProperties {

    /**
     * What is appended to the base URL, for example /health. Required.
     */
    private String path = "";

    /**
     * Method of the request.
     */
    private ProbeMethod method = ProbeMethod.GET;

    /**
     * Statuses of a healthy upstream: codes from 100 to 599, or groups such as 2xx.
     */
    private List<String> statuses = List.of("2xx");

    /**
     * How long an answer holds. At least 1s.
     */
    private Duration interval = Duration.ofSeconds(30);

    /**
     * Time limit of the request. At most the interval.
     */
    private Duration timeout = Duration.ofSeconds(2);

    public String getPath() {
        return this.path;
    }

    public void setPath(String path) {
        this.path = path;
    }

    public ProbeMethod getMethod() {
        return this.method;
    }

    public void setMethod(ProbeMethod method) {
        this.method = method;
    }

    public List<String> getStatuses() {
        return this.statuses;
    }

    public void setStatuses(List<String> statuses) {
        this.statuses = statuses;
    }

    public Duration getInterval() {
        return this.interval;
    }

    public void setInterval(Duration interval) {
        this.interval = interval;
    }

    public Duration getTimeout() {
        return this.timeout;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Return whether a status is that of a healthy upstream.
     * @param status the code
     * @return whether it is expected
     */
    public boolean accepts(int status) {
        return this.statuses.stream()
            .anyMatch((expected) -> expected.equals(String.valueOf(status))
                    || (HealthRules.isGroup(expected) && expected.charAt(0) - '0' == status / 100));
    }

}
