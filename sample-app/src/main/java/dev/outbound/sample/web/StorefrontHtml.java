package dev.outbound.sample.web;

import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.HtmlUtils;

import dev.outbound.sample.store.Price;
import dev.outbound.sample.store.Product;
import dev.outbound.sample.store.ProductPage;
import dev.outbound.sample.store.Shelf;

/**
 * The pages. Every text of an upstream or of a URL is escaped.
 */
final class StorefrontHtml {

    private static final String LAYOUT = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>%1$s</title>
              <link rel="stylesheet" href="/storefront.css">
            </head>
            <body>
              <h1>%1$s</h1>
            %2$s</body>
            </html>
            """;

    private static final String ARTICLE = """
              <article>
                <h2>%s</h2>
                <p>%s</p>
                <p>%s &middot; %s</p>
              </article>
            """;

    private static final String UPSTREAM = """
              <li>%1$s: %2$s
                <button onclick="fetch('/upstreams/%1$s/%3$s', {method: 'POST'}).then(() => location.reload())">%3$s</button>
              </li>
            """;

    private StorefrontHtml() {
    }

    static String shelf(Shelf shelf, Map<String, Boolean> upstreams) {
        StringBuilder body = new StringBuilder();
        if (shelf.unavailable().contains("catalog")) {
            body.append("  <p class=\"missing\">The catalog is unavailable. Please come back later.</p>\n");
        }
        shelf.products().forEach((page) -> {
            String id = HtmlUtils.htmlEscape(page.id());
            body.append(article(page, "<a href=\"/products/" + id + "\">" + name(page) + "</a>"));
        });
        return LAYOUT.formatted("Storefront", body.append(upstreams(upstreams)));
    }

    static String page(ProductPage page) {
        return LAYOUT.formatted(name(page), article(page, name(page)) + "  <p><a href=\"/\">All products</a></p>\n");
    }

    private static String article(ProductPage page, String heading) {
        Product product = page.product();
        return (product != null)
                ? ARTICLE.formatted(heading, HtmlUtils.htmlEscape(product.description()), price(page.price()),
                        (product.stock() > 0) ? product.stock() + " in stock" : "sold out")
                : ARTICLE.formatted(heading, missing("description unavailable"), price(page.price()),
                        missing("availability unknown"));
    }

    private static String name(ProductPage page) {
        return HtmlUtils.htmlEscape((page.product() != null) ? page.product().name() : page.id());
    }

    private static String price(@Nullable Price price) {
        return (price != null) ? HtmlUtils.htmlEscape(price.amount().toPlainString() + " " + price.currency())
                : missing("price unavailable");
    }

    private static String missing(String what) {
        return "<span class=\"missing\">" + what + "</span>";
    }

    private static String upstreams(Map<String, Boolean> upstreams) {
        if (upstreams.isEmpty()) {
            return "";
        }
        return upstreams.entrySet()
            .stream()
            .map((upstream) -> UPSTREAM.formatted(upstream.getKey(), upstream.getValue() ? "running" : "stopped",
                    upstream.getValue() ? "stop" : "start"))
            .collect(Collectors.joining("", "  <h2>Upstreams</h2>\n  <ul>\n", "  </ul>\n"));
    }

}
