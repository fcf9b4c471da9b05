package dev.outbound.mock;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Where routes are registered: a router, or a group of one. Routes are asked in the order
 * in which they were registered, and the first that matches answers.
 * <p>
 * URLs are {@linkplain RequestPattern#url(String) patterns}: a path, which may be a
 * template, or more of a URL; what they do not say is not looked at.
 *
 * @since 0.1
 */
public abstract class Routes {

    Routes() {
    }

    abstract Route add(@Nullable HttpMethod method, @Nullable String url, RequestPattern pattern);

    public Route get(String url) {
        return request(HttpMethod.GET, url);
    }

    public Route head(String url) {
        return request(HttpMethod.HEAD, url);
    }

    public Route post(String url) {
        return request(HttpMethod.POST, url);
    }

    public Route put(String url) {
        return request(HttpMethod.PUT, url);
    }

    public Route patch(String url) {
        return request(HttpMethod.PATCH, url);
    }

    public Route delete(String url) {
        return request(HttpMethod.DELETE, url);
    }

    public Route options(String url) {
        return request(HttpMethod.OPTIONS, url);
    }

    /**
     * Register a route.
     * @param method the method
     * @param url a pattern of URLs
     * @return the route, which answers with an empty 200 unless told otherwise
     * @throws IllegalArgumentException if the pattern is malformed
     */
    public Route request(HttpMethod method, String url) {
        Assert.notNull(method, "method must not be null");
        Assert.notNull(url, "url must not be null");
        return add(method, url, RequestPattern.anything());
    }

    /**
     * Register a route for any method.
     * @param url a pattern of URLs
     * @return the route
     * @throws IllegalArgumentException if the pattern is malformed
     */
    public Route any(String url) {
        Assert.notNull(url, "url must not be null");
        return add(null, url, RequestPattern.anything());
    }

    /**
     * Register a route.
     * @param pattern what its requests are like
     * @return the route
     */
    public Route route(RequestPattern pattern) {
        Assert.notNull(pattern, "pattern must not be null");
        return add(null, null, pattern);
    }

}
