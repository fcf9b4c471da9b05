package dev.outbound.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

import dev.outbound.boot.Clients;

/**
 * Calls every upstream when the demo has started, blocking and reactive, says what came
 * of it, and prints what each client did.
 */
@Component
@Profile("demo")
class MainJob implements ApplicationRunner, ExitCodeGenerator {

    private final StoreChecks store;

    private final ReportChecks reports;

    private final Clients clients;

    private final List<String> problems = new ArrayList<>();

    MainJob(StoreChecks store, ReportChecks reports, Clients clients) {
        this.store = store;
        this.reports = reports;
        this.clients = clients;
    }

    @Override
    public void run(ApplicationArguments args) throws IOException {
        long start = System.nanoTime();
        step("catalog", this.store::refusedCallsAreRetried);
        step("pricing", this.store::callsAreAuthenticatedAndSlowOnesRetried);
        step("product page", this.store::pageIsTheSameBlockingAndReactive);
        step("reviews", this.store::springsOwnTypesAreTheSameClient);
        Path directory = Files.createTempDirectory("storefront");
        try {
            Path file = directory.resolve("sales.bin");
            step("download", () -> this.reports.download(file));
            step("reactive download", () -> this.reports.downloadReactively(directory.resolve("again.bin")));
            step("upload", () -> this.reports.upload(file));
        }
        finally {
            FileSystemUtils.deleteRecursively(directory);
        }
        System.out.printf(Locale.ROOT, "%n%s%n%n%s in %.1f s.%n%n", new ClientTable(this.clients),
                this.problems.isEmpty() ? "All came out right" : "Went wrong: " + String.join(", ", this.problems),
                (System.nanoTime() - start) / 1e9);
    }

    private void step(String name, Callable<String> step) {
        try {
            System.out.printf("  ok     %-18s %s%n", name, step.call());
        }
        catch (Exception ex) {
            System.out.printf("  WRONG  %-18s %s%n", name, ex.getMessage());
            this.problems.add(name);
        }
    }

    @Override
    public int getExitCode() {
        return this.problems.isEmpty() ? 0 : 1;
    }

}
