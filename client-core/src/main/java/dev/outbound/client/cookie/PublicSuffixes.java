package dev.outbound.client.cookie;

import java.util.Optional;

/**
 * Knows the domains under which everybody may register a name, such as {@code co.uk} or
 * {@code github.io}: a cookie for one of them would go to strangers. A name without a dot
 * is always taken for one, and not asked for.
 *
 * <pre class="code">
 * PublicSuffixes ours = (domain) -&gt; domain.equals("apps.example.net")
 *         || PublicSuffixes.list().map((list) -&gt; list.isPublicSuffix(domain)).orElse(false);
 * CookieJar jar = CookieJar.create(ours);
 * </pre>
 *
 * Thread-safe.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface PublicSuffixes {

    /**
     * Return whether names directly below the domain belong to different owners.
     * @param domain a name with a dot, in lower case and its ASCII form, without a dot at
     * its ends
     * @return whether no cookie may be set for it
     */
    boolean isPublicSuffix(String domain);

    /**
     * Return the list of publicsuffix.org that HttpClient 5 brings. It is read from the
     * class path when asked for first, which takes about 0.1 s: not on an event loop.
     * @return the list, or nothing when HttpClient 5 is not on the class path
     */
    static Optional<PublicSuffixes> list() {
        return SuffixList.find();
    }

}
