package dev.outbound.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import com.sun.management.OperatingSystemMXBean;

/**
 * A JVM with one contender. It does what its standard input says: to warm up, to call for
 * some time, to tell how much of its heap lives.
 */
final class Worker {

    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
        .getOperatingSystemMXBean();

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private static final long WARM_UP_STEP = TimeUnit.MILLISECONDS.toNanos(250);

    /** What the compilers work in a step of the warm-up at most, where they are done. */
    private static final long QUIET_MILLIS = 10;

    private static final int QUIET_STEPS = 4;

    /** The second compiler takes an interest after some 10,000 calls. */
    private static final long LEAST_CALLS = 25_000;

    private final Contender contender;

    private final Load load;

    private Worker(Contender contender, Load load) {
        this.contender = contender;
        this.load = load;
    }

    /** The contender's name, the server's port, the {@link Load}. */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Contender contender = Contenders.open(args[0], Integer.parseInt(args[1]))) {
            Worker worker = new Worker(contender, Load.valueOf(args[2]));
            String command;
            while ((command = in.readLine()) != null) {
                out.println(worker.answer(command.split(" ")));
            }
        }
        // Some engines leave threads behind that are no daemons.
        System.exit(0);
    }

    private Object answer(String[] command) throws Exception {
        return switch (command[0]) {
            case "warm" -> warm(Long.parseLong(command[1]), Long.parseLong(command[2]));
            case "run" -> run(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(command[1])));
            case "heap" -> heap();
            default -> throw new IOException("What is '" + command[0] + "'?");
        };
    }

    /** Call until the compilers have little left to do. */
    private long warm(long leastMillis, long mostMillis) throws Exception {
        long begin = System.nanoTime();
        long calls = 0;
        int quiet = 0;
        while (true) {
            long compiled = COMPILER.getTotalCompilationTime();
            calls += this.load.run(this.contender, WARM_UP_STEP);
            quiet = (COMPILER.getTotalCompilationTime() - compiled < QUIET_MILLIS) ? quiet + 1 : 0;
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            if (millis >= mostMillis || (millis >= leastMillis && calls >= LEAST_CALLS && quiet >= QUIET_STEPS)) {
                return millis;
            }
        }
    }

    private Sample run(long nanos) throws Exception {
        long bytes = Allocation.total();
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        long calls = this.load.run(this.contender, nanos);
        return new Sample(calls, SYSTEM.getProcessCpuTime() - cpu, System.nanoTime() - begin,
                Allocation.total() - bytes);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

}
