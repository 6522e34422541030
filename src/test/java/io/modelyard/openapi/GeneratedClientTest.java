package io.modelyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.modelyard.SampleModels;
import io.modelyard.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A Java client, generated from the description of a running server as anybody would, compiles and works. The generator is a
 * program of its own, which the Maven profile {@code clients} fetches.
 */
final class GeneratedClientTest {
    private static final Path GENERATOR = Path.of("target", "openapi-generator", "openapi-generator-cli.jar");
    private static final Path PROGRAM = Path.of("src", "test", "resources", "openapi", "ClientProgram.java");

    @TempDir
    Path scratch;

    @Test
    void aGeneratedClientCompilesAndWorks() throws Exception {
        assumeTrue(Files.exists(GENERATOR), "the generator of clients is not here; run Maven with -Pclients");
        try (TestServer server = TestServer.prepare().store(SampleModels.copyTo(scratch.resolve("store"))).start()) {
            String text = server.get("/openapi.json").text();
            Path description = Files.writeString(scratch.resolve("openapi.json"), text);
            Path sources = generate(description);
            Path classes = Files.createDirectory(scratch.resolve("classes"));
            compile(sources, classes);
            String row = new Description(server.get("/openapi.json").json()).exampleRequest("breast-cancer")
                    .at("/inputs/0").toString();
            try (URLClassLoader loader = new URLClassLoader(new URL[]{classes.toUri().toURL()},
                    getClass().getClassLoader())) {
                Object said = loader.loadClass("ClientProgram")
                        .getMethod("run", String.class, String.class, String.class)
                        .invoke(null, server.uri("").toString(), server.adminKey(), row);
                assertThat(said).isEqualTo(List.of("predicted malignant by 2", "listed breast-cancer with 2 versions",
                        "listed digits with 2 versions", "refused 422 invalid_input at /inputs/0"));
            }
        }
    }

    private Path generate(Path description) throws IOException, InterruptedException {
        Path client = scratch.resolve("client");
        Path log = scratch.resolve("generator.log");
        Process generator = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                GENERATOR.toAbsolutePath().toString(), "generate", "-i", description.toString(), "-g", "java",
                "--library", "native", "-o", client.toString(), "--additional-properties",
                "invokerPackage=client,apiPackage=client.api,modelPackage=client.model,"
                        + "openApiNullable=false,useJakartaEe=true")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(generator.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(generator.exitValue()).as(Files.readString(log)).isZero();
        return client.resolve(Path.of("src", "main", "java"));
    }

    private static void compile(Path sources, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null);
                Stream<Path> all = Files.walk(sources)) {
            List<Path> paths = Stream.concat(all.filter(file -> file.toString().endsWith(".java")),
                    Stream.of(PROGRAM)).toList();
            boolean compiled = compiler.getTask(said, files, null,
                    List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-classpath", classPath()), null,
                    files.getJavaFileObjectsFromPaths(paths)).call();
            assertThat(compiled).as(said.toString()).isTrue();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Maven gives the tests a jar that names the class path. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
