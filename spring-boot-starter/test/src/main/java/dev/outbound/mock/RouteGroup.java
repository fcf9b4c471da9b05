package dev.outbound.mock;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.util.Assert;

/**
 * Routes that have the beginning of their path, and conditions, in common.
 *
 * <pre class="code">
 * RouteGroup users = router.group("/users").where(RequestPattern.header("X-Tenant", "a"));
 * users.get("/{id}").reply((r) -&gt; r.json(user));
 * </pre>
 *
 * @since 0.1
 */
public final class RouteGroup extends Routes {

    private final Routes parent;

    private final String path;

    private final RequestPattern condition;

    RouteGroup(Routes parent, String path, RequestPattern condition) {
        this.parent = parent;
        this.path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        this.condition = condition;
    }

    /**
     * Return this group with one more condition for all routes that are registered in it.
     * @param condition what their requests are like
     * @return another group
     */
    public RouteGroup where(RequestPattern condition) {
        Assert.notNull(condition, "condition must not be null");
        return new RouteGroup(this.parent, this.path, this.condition.and(condition));
    }

    /**
     * Return a group within this one.
     * @param path follows the path of this group
     * @return another group
     */
    public RouteGroup group(String path) {
        return new RouteGroup(this, path, RequestPattern.anything());
    }

    @Override
    Route add(@Nullable HttpMethod method, @Nullable String url, RequestPattern pattern) {
        String below = (url == null) ? null
                : this.path + ((url.isEmpty() || url.startsWith("/") || url.startsWith("?")) ? "" : "/") + url;
        return this.parent.add(method, below, this.condition.and(pattern));
    }

}
