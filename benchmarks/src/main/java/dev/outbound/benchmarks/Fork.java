package dev.outbound.benchmarks;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of this one's kind and class path, with which one speaks in lines.
 */
final class Fork implements AutoCloseable {

    private static final boolean PINS = Runtime.getRuntime().availableProcessors() > 1
            && Files.isExecutable(Path.of("/usr/bin/taskset"));

    private final Process process;

    private final BufferedReader in;

    private final Writer out;

    private Fork(Process process) {
        this.process = process;
        this.in = process.inputReader(StandardCharsets.UTF_8);
        this.out = process.outputWriter(StandardCharsets.UTF_8);
    }

    static Fork start(Class<?> main, List<String> options, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        File log = new File(System.getProperty("benchmarks.log", "benchmarks.log"));
        return new Fork(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start());
    }

    static Fork worker(String contender, int port, Load load, List<String> options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-Xms256m", "-Xmx256m"));
        all.addAll(options);
        return start(Worker.class, all, contender, Integer.toString(port), load.name());
    }

    static boolean pins() {
        return PINS;
    }

    /** Have all threads of the process run on one processor, where that can be. */
    void pin(int processor) throws IOException {
        runOn(Integer.toString(processor));
    }

    /** Let the process run on any processor. */
    void unpin() throws IOException {
        runOn("0-" + (Runtime.getRuntime().availableProcessors() - 1));
    }

    private void runOn(String processors) throws IOException {
        if (PINS) {
            Process taskset = new ProcessBuilder("/usr/bin/taskset", "-a", "-p", "-c", processors,
                    Long.toString(this.process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
            taskset.onExit().join();
        }
    }

    String ask(String command) throws IOException {
        this.out.write(command + "\n");
        this.out.flush();
        return read();
    }

    String read() throws IOException {
        String line = this.in.readLine();
        if (line == null) {
            throw new EOFException("The fork " + this.process.info().commandLine().orElse("") + " ended; see "
                    + System.getProperty("benchmarks.log", "benchmarks.log"));
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        this.out.close();
        try {
            if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
                this.process.destroyForcibly();
            }
        }
        catch (InterruptedException ex) {
            this.process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

}
