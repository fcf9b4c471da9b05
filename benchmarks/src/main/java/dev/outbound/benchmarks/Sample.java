package dev.outbound.benchmarks;

/**
 * What one slice of a fork's time has cost.
 *
 * @param calls the calls that were answered
 * @param cpu the processor time of the whole process, in nanoseconds
 * @param wall the time that passed, in nanoseconds
 * @param bytes what all threads allocated
 */
record Sample(long calls, long cpu, long wall, long bytes) {

    static Sample parse(String line) {
        String[] parts = line.split(" ");
        return new Sample(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]),
                Long.parseLong(parts[3]));
    }

    double cpuMicros() {
        return this.cpu / 1e3 / this.calls;
    }

    double wallMicros() {
        return this.wall / 1e3 / this.calls;
    }

    double bytesPerCall() {
        return (double) this.bytes / this.calls;
    }

    double callsPerSecond() {
        return this.calls * 1e9 / this.wall;
    }

    @Override
    public String toString() {
        return this.calls + " " + this.cpu + " " + this.wall + " " + this.bytes;
    }

}
