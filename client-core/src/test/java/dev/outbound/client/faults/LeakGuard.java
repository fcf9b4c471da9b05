package dev.outbound.client.faults;

import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;
import org.slf4j.LoggerFactory;

/**
 * Counts what a test leaves behind in the process: threads, file descriptors, buffers and
 * memory outside of the heap.
 */
public final class LeakGuard {

    /** What Netty's allocator and the JDK's threads keep for the next use. */
    private static final long KEPT = 64L * 1024 * 1024;

    /**
     * Shared by all clients, on their way out, which takes a second after the last call,
     * or what the JVM runs virtual threads with.
     */
    private static final List<String> SHARED_THREADS = List.of("reactor-http", "parallel-", "boundedElastic-",
            "single-", "outbound-", "CompletableFutureDelayScheduler", "ForkJoinPool.commonPool", "Keep-Alive-Timer",
            "process reaper", "surefire", "JNA", "Attach Listener", "ForkJoinPool-1-", "MasterPoller",
            "VirtualThread-unblocker");

    private static final Queue<String> REPORTED = new ConcurrentLinkedQueue<>();

    private final Set<String> threads = threads();

    private final Set<String> files = files();

    private final long direct = directMemory();

    /** Let Netty track every buffer. */
    public static void install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {

            @Override
            protected void append(ILoggingEvent event) {
                REPORTED.add(event.getFormattedMessage());
            }

        };
        appender.start();
        ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(appender);
    }

    public static void uninstall() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    /** Check that what there was before is all there is. */
    public void check() {
        if (!more().isEmpty() || files().size() > this.files.size()) {
            // Before Java 21, only the collector ends a client of the JDK.
            System.gc();
        }
        Cell.await(() -> more().isEmpty(), () -> "threads left behind: " + more());
        Cell.await(() -> files().size() <= this.files.size(),
                () -> "open files: " + files() + ", before: " + this.files);
        Cell.await(() -> directMemory() - this.direct < KEPT,
                () -> "direct memory: " + directMemory() + " bytes, before: " + this.direct);
    }

    /** Check that no buffer was forgotten: one that was is found when it is collected. */
    public static void checkBuffers() {
        for (int round = 0; round < 3; round++) {
            collect();
            // The detector looks at what was collected when it tracks another one.
            ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(16);
            buffer.release();
        }
        String report = String.join("\n", REPORTED);
        REPORTED.clear();
        if (!report.isEmpty()) {
            throw new AssertionError("Buffers were not released: " + report);
        }
    }

    /**
     * Collect garbage, and wait until what was found is known to those who wait for it.
     */
    private static void collect() {
        ReferenceQueue<Object> found = new ReferenceQueue<>();
        WeakReference<Object> reference = new WeakReference<>(new Object(), found);
        for (int tries = 0; tries < 20 && !reference.refersTo(null); tries++) {
            System.gc();
        }
        try {
            found.remove(1000);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Return how much memory outside of the heap is in use.
     * @return bytes of the JDK's direct buffers and of Netty's
     */
    public static long directMemory() {
        return PlatformDependent.usedDirectMemory() + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
            .stream()
            .filter((pool) -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    }

    private Set<String> more() {
        Set<String> more = threads();
        more.removeAll(this.threads);
        return more;
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces()
            .keySet()
            .stream()
            .filter((thread) -> SHARED_THREADS.stream().noneMatch(thread.getName()::startsWith))
            .map((thread) -> thread.getName() + "#" + thread.getId())
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Return how many sockets are open. */
    static int sockets() {
        return (int) files().stream().filter((file) -> file.startsWith("socket:")).count();
    }

    /** Sockets, pipes and the like; files of classes are opened when they are needed. */
    static Set<String> files() {
        Set<String> open = new TreeSet<>();
        File[] links = new File("/proc/self/fd").listFiles();
        for (File link : (links != null) ? links : new File[0]) {
            try {
                String target = Files.readSymbolicLink(link.toPath()).toString();
                if (!target.startsWith("/")) {
                    open.add(target + "#" + link.getName());
                }
            }
            catch (IOException ex) {
                // Closed in between, like that of this listing.
            }
        }
        return open;
    }

}
