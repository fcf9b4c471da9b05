package dev.outbound.client.transport.jdk;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * One client of the JDK, for http or for https. It follows nothing, keeps nothing, asks
 * nobody for a password or a proxy, and has no limits; those are kept above.
 */
final class JdkClient {

    private final HttpClient client;

    JdkClient(Connections connections, Workers workers, @Nullable SecureEngines tls, boolean http2) {
        this.client = HttpClient.newBuilder()
            .version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .executor(workers)
            .sslContext(TappedContext.of(tls, () -> new Traffic(connections, !http2, Workers.starting())))
            .build();
    }

    CompletableFuture<HttpResponse<Inbound>> send(Attempt attempt) {
        CompletableFuture<CompletableFuture<HttpResponse<Inbound>>> sent = new CompletableFuture<>();
        Workers.starting(attempt, () -> sent.complete(this.client.sendAsync(attempt.outgoing(), attempt::respond)));
        return sent.join();
    }

    /**
     * Close all connections and end the thread that watches them. Since Java 21 the JDK
     * has a method for it; before, its thread does it when it is interrupted.
     */
    void close() {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(this.client);
        }
        catch (NoSuchMethodException ex) {
            interruptSelector();
        }
        catch (IllegalAccessException | InvocationTargetException ex) {
            throw new IllegalStateException("The JDK's client cannot be shut down", ex);
        }
    }

    private void interruptSelector() {
        String text = this.client.toString();
        String name = "HttpClient-" + text.substring(text.lastIndexOf('(') + 1, text.length() - 1) + "-SelectorManager";
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        Thread[] threads = new Thread[2 * group.activeCount() + 16];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (threads[i].getName().equals(name)) {
                threads[i].interrupt();
            }
        }
    }

}
