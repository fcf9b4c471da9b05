package dev.outbound.client;

import java.util.Set;
import java.util.TreeSet;

import org.springframework.util.Assert;

import dev.outbound.client.http.Secrets;

/**
 * Whether and how redirects are followed. Immutable.
 *
 * @since 0.1
 */
public final class RedirectPolicy {

    /** The largest number of redirects that can be configured. */
    public static final int MAX_REDIRECTS = 20;

    private static final RedirectPolicy NONE = new RedirectPolicy(RedirectMode.NONE, MAX_REDIRECTS, Set.of(), false);

    private final RedirectMode mode;

    private final int max;

    private final Set<String> credentialHeaders;

    private final boolean trusting;

    private RedirectPolicy(RedirectMode mode, int max, Set<String> credentialHeaders, boolean trusting) {
        this.mode = mode;
        this.max = max;
        this.credentialHeaders = credentialHeaders;
        this.trusting = trusting;
    }

    /**
     * Return the policy that follows no redirect, the default.
     * @return the policy
     */
    public static RedirectPolicy none() {
        return NONE;
    }

    /**
     * Return a policy.
     * @param mode which redirects are followed
     * @param max how many of them in one call, 0 to {@value #MAX_REDIRECTS}; one more
     * fails
     * @return the policy
     */
    public static RedirectPolicy of(RedirectMode mode, int max) {
        Assert.notNull(mode, "mode must not be null");
        Assert.isTrue(max >= 0 && max <= MAX_REDIRECTS,
                () -> "max must be between 0 and " + MAX_REDIRECTS + ", but is " + max);
        return new RedirectPolicy(mode, max, Set.of(), false);
    }

    /**
     * Return this policy with further headers that are dropped where the origin changes.
     * Names that contain a word for credentials (auth, cookie, token, key, …) always are.
     * @param names the names, in any case
     * @return another policy
     */
    public RedirectPolicy withCredentialHeaders(Set<String> names) {
        Assert.notNull(names, "names must not be null");
        Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        all.addAll(names);
        return new RedirectPolicy(this.mode, this.max, all, this.trusting);
    }

    /**
     * Return this policy with the trust that HTTPX has in servers: a redirect may lead
     * from https to http and takes a body to another origin; of the headers, only
     * {@code Authorization} is dropped there, and not even that from http to https on the
     * same host. For programs that are moved from HTTPX and talk to servers of their own.
     * @return another policy
     */
    public RedirectPolicy trusting() {
        return new RedirectPolicy(this.mode, this.max, this.credentialHeaders, true);
    }

    boolean isTrusting() {
        return this.trusting;
    }

    public RedirectMode mode() {
        return this.mode;
    }

    public int max() {
        return this.max;
    }

    boolean isCredential(String headerName) {
        return (this.trusting ? headerName.equalsIgnoreCase("Authorization") : Secrets.isSecretHeader(headerName))
                || this.credentialHeaders.contains(headerName);
    }

    @Override
    public String toString() {
        return "mode=" + this.mode + ", max=" + this.max;
    }

}
