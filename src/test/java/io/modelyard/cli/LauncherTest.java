package io.modelyard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code bin/modelyard}, with Javas that only say how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for a POSIX shell")
final class LauncherTest {
    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void install() throws IOException {
        script = Files.createDirectories(folder.resolve("it is here/bin")).resolve("modelyard");
        Files.copy(Path.of("bin/modelyard"), script);
    }

    @Test
    void runsTheArchiveBesideItWithTheFlagsAndAllArguments() throws Exception {
        Path jar = archive();
        assertThat(run(script, Map.of("JAVA_HOME", java("25.0.1"), "MODELYARD_JAVA_OPTIONS", "-Xmx1g -Da=b"), "serve",
                "my model.onnx"))
                .isEqualTo(new Run(0, """
                                      --enable-native-access=ALL-UNNAMED
                                      --sun-misc-unsafe-memory-access=allow
                                      -Xmx1g
                                      -Da=b
                                      -jar
                                      %s
                                      serve
                                      my model.onnx
                                      """.formatted(jar)));
    }

    @Test
    void usesACacheThatIsYoungerThanTheArchive() throws Exception {
        Path jar = archive();
        Path cache = Files.writeString(jar.resolveSibling("modelyard.aot"), "classes");
        Map<String, String> environment = Map.of("JAVA_HOME", java("25"), "MODELYARD_JAVA_OPTIONS", "-Xlog:gc");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
        Files.setLastModifiedTime(cache, FileTime.fromMillis(2_000_000));
        assertThat(run(script, environment, "serve").output()).contains("""
                                                                        -XX:AOTCache=%s
                                                                        -Xlog:disable
                                                                        -Xlog:all=warning:stderr
                                                                        -Xlog:gc
                                                                        -jar
                                                                        """.formatted(cache));
        Files.setLastModifiedTime(jar, FileTime.fromMillis(3_000_000));
        assertThat(run(script, environment, "serve").output()).doesNotContain("AOTCache", "-Xlog:disable");
    }

    @Test
    void pushesAModelWithARealJava() throws Exception {
        Path jar = folder.resolve("thin.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.modelyard.Application");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        Run run = run(script, Map.of("MODELYARD_JAVA_HOME", System.getProperty("java.home"), "MODELYARD_JAR",
                jar.toString(), "MODELYARD_STORE_URI", folder.resolve("store").toString(), "XDG_CACHE_HOME",
                folder.resolve("cache").toString(), "GITHUB_ACTOR", "octocat", "GITHUB_ACTIONS", "true"), "push",
                Path.of("models-local/models/breast-cancer/1/model.ubj").toAbsolutePath().toString(), "--type",
                "cancer",
                "--version", "1");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .matches("""
                         uploading 1 file, 19.4 kB
                         100 % \\(19.4 kB of 19.4 kB.*\\)
                         cancer/1 is published in \\S+/store: 1 file, 19.4 kB, xgboost, digest [0-9a-f]{64}
                         """);
        assertThat(folder.resolve("store/registry/cancer/1.json")).content().contains("\"octocat\"");
        assertThat(folder.resolve("cache/modelyard/pushes")).isEmptyDirectory();
    }

    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(path.split(File.pathSeparator)).map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
    }

    @Test
    void findsItselfThroughLinks() throws Exception {
        Path jar = archive();
        Path link = Files.createSymbolicLink(folder.resolve("one"), Path.of("it is here/bin/modelyard"));
        Path other = Files.createSymbolicLink(Files.createDirectory(folder.resolve("else")).resolve("two"), link);
        assertThat(run(other, Map.of("JAVA_HOME", java("25"))).output()).contains(jar.toString());
    }

    @Test
    void passesOverAJavaThatIsTooOld() throws Exception {
        archive();
        Path home = folder.resolve("home/.sdkman/candidates/java/26-tem");
        java(home, "26.0.1");
        Run run = run(script, Map.of("JAVA_HOME", java("1.8.0_402"), "HOME", folder.resolve("home").toString()));
        assertThat(run.code()).isZero();
        assertThat(run.output()).contains("-jar").doesNotContain("1.8.0");
    }

    @Test
    void insistsOnTheJavaThatItWasTold() throws Exception {
        archive();
        String old = java("21.0.2");
        assertThat(run(script, Map.of("MODELYARD_JAVA_HOME", old, "JAVA_HOME", java("25")))).isEqualTo(new Run(1,
                "modelyard: MODELYARD_JAVA_HOME is " + old + ", where there is no Java 25 or newer\n"));
    }

    @Test
    void saysHowToBuildWhatIsMissing() throws Exception {
        Run run = run(script, Map.of("JAVA_HOME", java("25")));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.output()).contains("target/modelyard.jar is not there", "mvn package -DskipTests")
                .hasLineCount(1);
        assertThat(run(script, Map.of("JAVA_HOME", java("25"), "MODELYARD_JAR", "/nowhere.jar")).output())
                .isEqualTo("modelyard: MODELYARD_JAR is /nowhere.jar, and there is no such file\n");
    }

    private record Run(int code, String output) {}

    private Run run(Path command, Map<String, String> environment, String... arguments) throws InterruptedException {
        Map<String, String> all = new HashMap<>(Map.of("MODELYARD_JAVA_HOME", "", "JAVA_HOME", "", "MODELYARD_JAR", "",
                "MODELYARD_JAVA_OPTIONS", "", "SDKMAN_DIR", "", "HOME", folder.toString()));
        all.putAll(environment);
        List<String> line = new ArrayList<>(List.of("sh", command.toString()));
        line.addAll(List.of(arguments));
        try (ChildProcess child = ChildProcess.start(all, line)) {
            String output = child.outputAtEnd();
            return new Run(child.exitCode(), output);
        }
    }

    private Path archive() throws IOException {
        Path jar = folder.toRealPath().resolve("it is here/target/modelyard.jar");
        Files.createDirectories(jar.resolveSibling(""));
        return Files.writeString(jar, "an archive");
    }

    private String java(String version) throws IOException {
        return java(folder.resolve("jdk " + version), version).toString();
    }

    private static Path java(Path home, String version) throws IOException {
        Path command = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(command, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(command.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
