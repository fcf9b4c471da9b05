package dev.outbound.sample.web;

import java.util.Map;

import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import dev.outbound.boot.Clients;
import dev.outbound.client.Client;
import dev.outbound.client.http.RequestException;
import dev.outbound.sample.upstream.Upstreams;

/**
 * Stops and starts the embedded upstreams, to see what the storefront and its health make
 * of it. For the demo only.
 */
@RestController
@Profile("demo")
@RequestMapping("/upstreams")
class UpstreamController {

    private final Upstreams upstreams;

    private final Clients clients;

    UpstreamController(Upstreams upstreams, Clients clients) {
        this.upstreams = upstreams;
        this.clients = clients;
    }

    @GetMapping
    Map<String, Boolean> running() {
        return this.upstreams.running();
    }

    @PostMapping("/{name}/start")
    Map<String, Boolean> start(@PathVariable String name) {
        checkExists(name);
        this.upstreams.start(name);
        call(name);
        return running();
    }

    @PostMapping("/{name}/stop")
    Map<String, Boolean> stop(@PathVariable String name) {
        checkExists(name);
        this.upstreams.stop(name);
        call(name);
        return running();
    }

    private void checkExists(String name) {
        if (!running().containsKey(name)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }

    /**
     * Health is made from the last calls, not from probes: three in a row turn it.
     */
    private void call(String name) {
        Client client = this.clients.client(name);
        for (int i = 0; i < 3; i++) {
            try {
                client.get("/", (request) -> request.retry(null));
            }
            catch (RequestException ex) {
                // The client has counted it.
            }
        }
    }

}
