package dev.outbound.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of this JVM have allocated.
 */
final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Counts threads that have ended, too; since JDK 21. */
    private static final @Nullable MethodHandle TOTAL = total(MethodHandles.lookup());

    private Allocation() {
    }

    private static @Nullable MethodHandle total(MethodHandles.Lookup lookup) {
        try {
            return lookup.findVirtual(ThreadMXBean.class, "getTotalThreadAllocatedBytes",
                    MethodType.methodType(long.class));
        }
        catch (NoSuchMethodException ex) {
            return null;
        }
        catch (IllegalAccessException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Return the bytes allocated so far; before JDK 21 those of living threads. */
    static long total() throws Exception {
        if (TOTAL != null) {
            try {
                return (long) TOTAL.invokeExact(THREADS);
            }
            catch (Error | Exception ex) {
                throw ex;
            }
            catch (Throwable ex) {
                throw new IllegalStateException(ex);
            }
        }
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

}
