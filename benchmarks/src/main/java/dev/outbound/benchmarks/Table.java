package dev.outbound.benchmarks;

/**
 * The figures of all contenders, in Markdown.
 */
final class Table {

    private Table() {
    }

    static void print(Results results) {
        System.out.println("| client | CPU us | of forks | bytes | of forks | wall us | heap KiB | forks |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (String name : Contenders.names()) {
            Figures f = results.of(name);
            System.out.println("| " + name + " | " + f.cpu().text(1) + " | " + f.cpu().range(1) + " | "
                    + f.bytes().text(0) + " | " + f.bytes().range(0) + " | " + f.wall().text(1) + " | "
                    + f.heap().text(0) + " | " + f.forks() + " |");
        }
    }

}
