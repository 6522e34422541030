package io.modelyard.docs;

import io.modelyard.docs.PageRun.Failure;
import io.modelyard.docs.PageRun.Report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Follows the documentation as a stranger does: every block of commands on every page, page by page, each in a clean copy of the
 * project with a server of its own. Started by {@code docs/run-snippets.sh [--jar modelyard.jar] [page…]}; ends with 1 where
 * a page does not hold. Without a jar it takes what the README builds.
 */
public final class RunSnippets {
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final CleanCopy copy = CleanCopy.of(Path.of("").toAbsolutePath());
    private final Path work;
    private Optional<Path> jar;

    private RunSnippets(Path work, Optional<Path> jar) {
        this.work = work;
        this.jar = jar;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> pages = new ArrayList<>(List.of(args));
        Optional<Path> jar = Optional.empty();
        if (!pages.isEmpty() && pages.getFirst().equals("--jar")) {
            jar = Optional.of(Path.of(pages.get(1)).toAbsolutePath());
            pages.subList(0, 2).clear();
        }
        Path work = Files.createTempDirectory("modelyard-docs");
        boolean held;
        try {
            held = new RunSnippets(work, jar).run(pages);
        } finally {
            remove(work);
        }
        // A server that would not end must not keep this from ending.
        System.exit(held ? 0 : 1);
    }

    private boolean run(List<String> chosen) throws IOException, InterruptedException {
        List<Report> reports = new ArrayList<>();
        for (String name : chosen.isEmpty() ? copy.pages() : chosen) {
            reports.add(page(MarkdownPage.read(copy.project(), name)));
        }
        List<Failure> failures = reports.stream().flatMap(report -> report.failures().stream()).toList();
        List<Fence> notRun = reports.stream().flatMap(report -> report.page().fences().stream())
                .filter(fence -> fence.isShell() && fence.whyNotRun().isPresent()).toList();
        notRun.forEach(fence -> out.printf("not run: %s: %s%n", fence.place(), fence.whyNotRun().orElseThrow()));
        out.printf("%d pages: %d blocks run, %d answers compared, %d not run, %d failed%n", reports.size(),
                reports.stream().mapToInt(Report::ran).sum(), reports.stream().mapToInt(Report::compared).sum(),
                notRun.size(), failures.size());
        return failures.isEmpty();
    }

    private Report page(MarkdownPage page) throws IOException, InterruptedException {
        if (PageRun.toRun(page).isEmpty()) {
            return new Report(page, 0, 0, List.of());
        }
        long begin = System.nanoTime();
        boolean readme = page.name().equals("README.md");
        Path place = work.resolve(page.name().replace('/', '-'));
        Path folder = Files.createDirectories(place.resolve("modelyard"));
        copy.into(folder);
        if (!readme || jar.isPresent()) {
            putJar(folder);
        }
        Yard yard = new Yard(folder, Files.createDirectories(place.resolve("scratch")));
        Report report;
        try {
            report = new PageRun(page, yard).run();
            report.failures().forEach(failure -> tell(failure, yard));
        } finally {
            yard.stop();
        }
        out.printf("%-32s %2d run, %2d compared, %d failed  (%.1f s)%n", page.name(), report.ran(), report.compared(),
                report.failures().size(), (System.nanoTime() - begin) / 1e9);
        Path built = folder.resolve("target/modelyard.jar");
        if (jar.isEmpty() && Files.exists(built)) {
            jar = Optional.of(Files.move(built, work.resolve("modelyard.jar")));
        }
        remove(place);
        return report;
    }

    private void putJar(Path folder) throws IOException, InterruptedException {
        if (jar.isEmpty()) {
            Path clean = Files.createDirectories(work.resolve("clean"));
            copy.into(clean);
            int exit = new ProcessBuilder("mvn", "-B", "-q", "-ntp", "package", "-Dmaven.test.skip=true")
                    .directory(clean.toFile())
                    .inheritIO().start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException("a clean copy of the project does not build");
            }
            jar = Optional.of(clean.resolve("target/modelyard.jar"));
        }
        Path target = Files.createDirectories(folder.resolve("target")).resolve("modelyard.jar");
        try {
            Files.createLink(target, jar.get());
        } catch (IOException otherFileSystem) {
            Files.copy(jar.get(), target);
        }
    }

    private void tell(Failure failure, Yard yard) {
        out.printf("%nFAILED %s: %s%n", failure.block().place(), failure.what());
        failure.block().text().lines().forEach(line -> out.println("  | " + line));
        failure.output().lines().limit(60).forEach(line -> out.println("  > " + line));
        yard.log().lines().skip(Math.max(0, yard.log().lines().count() - 8))
                .forEach(line -> out.println("  log " + line));
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }
}
