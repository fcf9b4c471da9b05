package dev.outbound.client.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where the vectors are: in the class path, or in the folder that {@code -Dvectors.dir}
 * names.
 */
final class VectorFiles {

    static final List<String> TOPICS = List.of("basic_auth", "chunker", "content_decoder", "cookies", "digest_auth",
            "flows", "form_encoding", "header_merge", "json_encoding", "line_decoder", "link_header", "mounts",
            "multipart", "query_params", "raise_for_status", "redirects", "respx_patterns", "respx_router",
            "retry_after", "retry_policy", "text_decoder", "timeouts", "url_encoding", "url_join");

    private VectorFiles() {
    }

    /** Return the vectors of a topic, none where the folder has no such file. */
    static List<Vector> read(String topic) {
        String folder = System.getProperty("vectors.dir", "");
        return folder.isEmpty() ? bundled(topic) : parse(topic, folder(folder).resolve(topic + ".json"));
    }

    static List<Vector> bundled(String topic) {
        try (InputStream file = VectorFiles.class.getResourceAsStream("/vectors/" + topic + ".json")) {
            return parse(topic, file);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static List<Vector> parse(String topic, Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return parse(topic, in);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static List<Vector> parse(String topic, @Nullable InputStream file) {
        if (file == null) {
            throw new IllegalArgumentException("There are no vectors of topic '" + topic + "'");
        }
        List<Vector> vectors = new ArrayList<>();
        for (JsonNode vector : Vector.JSON.readTree(file).path("vectors")) {
            vectors.add(new Vector(topic, vector));
        }
        return vectors;
    }

    /** Tests run in the folder of their module, and people name folders from the root. */
    private static Path folder(String name) {
        for (Path base = Path.of("").toAbsolutePath(); base != null; base = base.getParent()) {
            if (Files.isDirectory(base.resolve(name))) {
                return base.resolve(name);
            }
        }
        throw new IllegalArgumentException("-Dvectors.dir names no folder: " + name);
    }

}
