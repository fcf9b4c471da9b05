package dev.outbound.client.faults;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.outbound.client.http.ClientException;
import dev.outbound.client.lab.EngineLane;
import dev.outbound.client.lab.LaneClient;
import dev.outbound.client.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A process of its own that may open few files. A client makes calls while there are some
 * left, while there are none, and again.
 */
final class FewFiles {

    /** In each spell; more than there are connections. */
    static final int CALLS = 4;

    private static final String COMMAND = "ulimit -n 512; exec \"$@\"";

    private FewFiles() {
    }

    /**
     * Run the process.
     * @param lane what calls
     * @param url a server that ends each connection behind its response
     * @return a line for each call that had no file
     */
    static String run(EngineLane lane, String url) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", COMMAND, "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), FewFiles.class.getName(), lane.name(), url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    public static void main(String[] args) throws Exception {
        loadClasses();
        EngineLane lane = EngineLane.valueOf(args[0]);
        try (LaneClient client = lane
            .client((builder) -> builder.name("lab").baseUrl(args[1]).maxConnections(2).retry(RetryPolicy.none()))) {
            serve(client);
            for (int spell = 0; spell < 2; spell++) {
                List<Throwable> failures = callWithoutFiles(client);
                failures.forEach(FewFiles::print);
                serve(client);
            }
        }
    }

    private static void serve(LaneClient client) {
        for (int i = 0; i < CALLS; i++) {
            assertThat(client.get("/").text()).isEqualTo("next");
        }
    }

    private static List<Throwable> callWithoutFiles(LaneClient client) throws IOException {
        Deque<FileInputStream> files = new ArrayDeque<>();
        try {
            // A call may have what one before it closes late.
            return Stream.generate(() -> {
                openAll(files);
                return Optional.ofNullable(catchThrowable(() -> client.get("/")));
            }).limit(5 * CALLS).flatMap(Optional::stream).limit(CALLS).toList();
        }
        finally {
            for (FileInputStream file : files) {
                file.close();
            }
        }
    }

    private static void openAll(Deque<FileInputStream> files) {
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        }
        catch (FileNotFoundException ex) {
            // There are no more.
        }
    }

    private static void print(Throwable thrown) {
        String phase = (thrown instanceof ClientException ex) ? " phase " + ex.phase() : "";
        System.out.println(thrown.getClass().getSimpleName() + phase + ": " + thrown.getMessage());
    }

    /** Those of a folder need a file each, and a jar one when it is first looked at. */
    private static void loadClasses() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(":")) {
            Path folder = Path.of(entry);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.map((file) -> folder.relativize(file).toString())
                        .filter((file) -> file.startsWith("dev/outbound/client/") && file.endsWith(".class"))
                        .filter((file) -> !file.contains("Tests") && !file.endsWith("-info.class"))
                        .forEach((file) -> load(file.replace(".class", "").replace('/', '.')));
                }
            }
        }
        load("dev.outbound.client.Nowhere");
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, FewFiles.class.getClassLoader());
        }
        catch (ClassNotFoundException | LinkageError ex) {
            // Not needed by a call: it needs a library that is not there.
        }
    }

}
