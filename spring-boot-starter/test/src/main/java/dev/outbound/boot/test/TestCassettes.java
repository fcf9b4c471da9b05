package dev.outbound.boot.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.outbound.mock.Cassette;
import dev.outbound.mock.MockRouter;

/**
 * The cassettes of one test, a file for each client.
 */
final class TestCassettes {

    private static final Path ALL = Path.of("src", "test", "resources", "cassettes");

    private static final String SUFFIX = ".json";

    private final Path folder;

    private final List<Cassette> inserted = new ArrayList<>();

    TestCassettes(String name, Path test) {
        this.folder = ALL.resolve(name).resolve(test).normalize();
    }

    /**
     * Return the clients that were recorded: what they were asked must be asked again.
     * @throws IllegalStateException if nothing was recorded, and nothing is now
     */
    List<String> recordedClients() {
        if (Boolean.getBoolean(Cassette.RECORD)) {
            return List.of();
        }
        List<String> clients = files();
        if (clients.isEmpty()) {
            throw new IllegalStateException("There are no cassettes in " + this.folder
                    + ". Record them against the real upstreams: run the test once with -D" + Cassette.RECORD
                    + "=true");
        }
        return clients;
    }

    private List<String> files() {
        if (!Files.isDirectory(this.folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(this.folder)) {
            return files.map((file) -> file.getFileName().toString())
                .filter((file) -> file.endsWith(SUFFIX))
                .map((file) -> file.substring(0, file.length() - SUFFIX.length()))
                .sorted()
                .toList();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    void insert(String client, MockRouter router) {
        Path file = this.folder.resolve(client + SUFFIX);
        if (Boolean.getBoolean(Cassette.RECORD) || Files.exists(file)) {
            this.inserted.add(Cassette.insert(file, router));
        }
    }

    void close() {
        this.inserted.forEach(Cassette::close);
    }

}
