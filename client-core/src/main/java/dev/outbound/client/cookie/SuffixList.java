package dev.outbound.client.cookie;

import java.util.Optional;

import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;

import org.springframework.util.ClassUtils;

/**
 * The list of publicsuffix.org as HttpClient 5 reads it, with the rules of registries and
 * those of private owners.
 */
final class SuffixList {

    private static final String LOADER = "org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader";

    private SuffixList() {
    }

    static Optional<PublicSuffixes> find() {
        return ClassUtils.isPresent(LOADER, SuffixList.class.getClassLoader()) ? OfHttpClient.LIST : Optional.empty();
    }

    /** A class of its own, which is linked only when HttpClient 5 is there. */
    private static final class OfHttpClient {

        static final Optional<PublicSuffixes> LIST = load();

        private static Optional<PublicSuffixes> load() {
            PublicSuffixMatcher matcher = PublicSuffixMatcherLoader.getDefault();
            // Where its resource was stripped from the class path, the matcher knows com
            // and nothing else.
            return matcher.matches("co.uk") ? Optional.of(matcher::matches) : Optional.empty();
        }

    }

}
