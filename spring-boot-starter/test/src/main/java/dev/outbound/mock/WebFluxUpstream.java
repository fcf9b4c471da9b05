package dev.outbound.mock;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.util.Assert;
import org.springframework.web.reactive.config.DelegatingWebFluxConfiguration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import dev.outbound.client.transport.application.ApplicationTransport;

/**
 * Upstreams that are applications of WebFlux in this process: HTTPX's ASGI transport.
 * Bodies are streamed, and nothing goes through a socket. Needs spring-webflux.
 *
 * <pre class="code">
 * router.any("").handledBy(WebFluxUpstream.ofControllers(new PricesController(prices)));
 * </pre>
 *
 * @since 0.1
 */
public final class WebFluxUpstream {

    private WebFluxUpstream() {
    }

    /**
     * Return an application.
     * @param handler the application
     * @return the upstream
     */
    public static Upstream of(HttpHandler handler) {
        Assert.notNull(handler, "handler must not be null");
        return of("an HttpHandler", ApplicationTransport.of(handler));
    }

    /**
     * Return an application of functional routes.
     * @param routes the routes
     * @return the upstream
     */
    public static Upstream of(RouterFunction<?> routes) {
        Assert.notNull(routes, "routes must not be null");
        return of("a RouterFunction", ApplicationTransport.of(routes));
    }

    /**
     * Return an application of annotated controllers, with the defaults of WebFlux.
     * Exception handlers and argument resolvers of {@code @ControllerAdvice} objects that
     * are among them apply. Needs spring-context.
     * @param controllers objects of classes with {@code @RestController}
     * @return the upstream
     */
    public static Upstream ofControllers(Object... controllers) {
        Assert.notEmpty(controllers, "controllers must not be empty");
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(DelegatingWebFluxConfiguration.class);
        for (Object controller : controllers) {
            register(context, controller);
        }
        context.refresh();
        return of("controllers", ApplicationTransport.of(WebHttpHandlerBuilder.applicationContext(context).build()));
    }

    @SuppressWarnings("unchecked")
    private static <T> void register(AnnotationConfigApplicationContext context, T controller) {
        context.registerBean((Class<T>) controller.getClass(), () -> controller);
    }

    private static Upstream of(String name, ApplicationTransport transport) {
        return Upstream.of(name, transport.blocking(), transport);
    }

}
