package io.modelyard.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.docs.PageRun.Report;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page that is wrong does not pass. The server of these pages is a web server of a few lines, so no build is needed. */
final class PageRunTest {
    private static final String SERVER = """
                                         <!-- starts the server -->
                                         ```sh
                                         exec "$JAVA" Readiness.java "$PORT"
                                         ```
                                         """;
    private static final String PROGRAM = """
                                          import com.sun.net.httpserver.HttpServer;
                                          import java.net.InetSocketAddress;
                                          public class Readiness {
                                              public static void main(String[] args) throws Exception {
                                                  HttpServer server = HttpServer.create(
                                                          new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
                                                  server.createContext("/", exchange -> {
                                                      boolean known = !exchange.getRequestURI().getPath().equals("/missing");
                                                      exchange.sendResponseHeaders(known ? 200 : 404, 0);
                                                      exchange.getResponseBody().write("{\\"status\\": \\"ok\\"}".getBytes());
                                                      exchange.close();
                                                  });
                                                  server.start();
                                              }
                                          }
                                          """;

    @TempDir
    Path folder;

    @Test
    void followsAPageThatIsRight() throws Exception {
        Report report = run(SERVER + """
                                     ```sh
                                     WHO=newcomer
                                     mkdir -p here && cd here
                                     ```
                                     ```sh
                                     curl -s http://127.0.0.1:8080/any
                                     ```
                                     ```json
                                     {"status": "ok"}
                                     ```
                                     <!-- exits with 22 -->
                                     ```sh
                                     curl -s http://localhost:8080/missing
                                     ```
                                     ```sh
                                     $ echo "$WHO in $(basename "$PWD")"
                                     newcomer in here
                                     $ false
                                     $ echo $?
                                     1
                                     ```
                                     <!-- not run: needs a mainframe -->
                                     ```sh
                                     mainframe
                                     ```
                                     """);
        assertThat(report.failures()).isEmpty();
        assertThat(report.ran()).isEqualTo(5);
        assertThat(report.compared()).isEqualTo(2);
    }

    @Test
    void tellsWhatIsWrongAndWhere() throws Exception {
        Report report = run(SERVER + """
                                     ```sh
                                     mainframe
                                     ```
                                     ```sh
                                     curl -s http://127.0.0.1:8080/missing
                                     ```
                                     ```sh
                                     curl -s http://127.0.0.1:8080/any
                                     ```
                                     ```json
                                     {"status": "well"}
                                     ```
                                     ```sh
                                     echo $NEVER_SET
                                     ```
                                     """);
        List<String> what = report.failures().stream().map(failure -> failure.block().line() + " " + failure.what())
                .toList();
        assertThat(what).hasSize(4);
        assertThat(what.get(0)).startsWith("6 it ended with 127");
        assertThat(what.get(1)).startsWith("9 it ended with 22");
        assertThat(what.get(2)).startsWith("12 ").contains("line 15", "/status", "well");
        assertThat(what.get(3)).startsWith("18 it ended with 1");
    }

    @Test
    void aServerThatEndsIsTold() throws Exception {
        Report report = run("<!-- starts the server -->\n```sh\necho no; exit 3\n```\n");
        assertThat(report.failures()).singleElement()
                .satisfies(failure -> assertThat(failure.what()).contains("ended with 3", "no"));
    }

    private Report run(String markdown) throws IOException, InterruptedException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        Files.writeString(copy.resolve("Readiness.java"), PROGRAM);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Yard yard = new Yard(copy, Files.createDirectories(folder.resolve("scratch")));
        try {
            return new PageRun(MarkdownPage.parse("page.md", markdown.replace("$JAVA", java)), yard).run();
        } finally {
            yard.stop();
        }
    }
}
