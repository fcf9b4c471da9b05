package dev.outbound.benchmarks;

import java.io.InputStream;
import java.util.Arrays;

/**
 * A body that is in no memory.
 */
final class Zeros extends InputStream {

    private long left;

    Zeros(long length) {
        this.left = length;
    }

    @Override
    public int read() {
        if (this.left == 0) {
            return -1;
        }
        this.left--;
        return 0;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (this.left == 0) {
            return -1;
        }
        int count = (int) Math.min(length, this.left);
        Arrays.fill(bytes, offset, offset + count, (byte) 0);
        this.left -= count;
        return count;
    }

}
