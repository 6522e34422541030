package io.modelyard.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelyard.Eventually;
import io.modelyard.Shell;
import io.modelyard.Shell.Outcome;
import io.modelyard.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The image, short of building it: infra/image/try.sh does that. */
final class DockerfileTest {
    private static final List<String> NEVER_SENT = List.of(".git", ".modelyard", "target", "models-local/access");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    private final Dockerfile file = new Dockerfile();

    @Test
    void allThatItCopiesIsThereAndIsSentToTheBuild() throws IOException {
        List<String> sent = Files.readAllLines(Path.of(".dockerignore")).stream().filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1)).toList();
        assertThat(file.sources()).isNotEmpty().allSatisfy(source -> {
            assertThat(Path.of(source)).exists();
            assertThat(sent).anySatisfy(path -> assertThat(path).startsWith(source));
        });
        assertThat(sent).allSatisfy(path -> assertThat(Path.of(path.replace("/*.java", ""))).exists());
        assertThat(NEVER_SENT).allSatisfy(secret -> assertThat(sent)
                .noneSatisfy(path -> assertThat(secret).startsWith(path)));
    }

    @Test
    void theBuildHasWhatThePomReads() throws IOException {
        assertThat(Pattern.compile("<directory>([^<]+)</directory>").matcher(Files.readString(Path.of("pom.xml")))
                .results().map(found -> found.group(1))).isNotEmpty().allSatisfy(folder -> assertThat(file.sources())
                        .anySatisfy(source -> assertThat(folder).startsWith(source)));
    }

    @Test
    void itSetsVariablesThatMeanSomething() {
        assertThat(file.environment()).containsEntry("HOST", "0.0.0.0").containsKey("MODELYARD_DATA_DIR");
        assertThat(KnownVariables.all()).containsAll(file.environment().keySet().stream()
                .filter(name -> !name.equals("PATH") && !name.equals("LANG")).toList());
    }

    @Test
    void itRunsAsAUserWithANumberInAVolumeOfItsOwn() {
        assertThat(file.user()).matches("[1-9][0-9]{4}:[1-9][0-9]{4}");
        assertThat(file.only("VOLUME")).isEqualTo(file.environment().get("MODELYARD_DATA_DIR"));
        assertThat(file.only("STOPSIGNAL")).isEqualTo("SIGTERM");
        assertThat(file.only("ENTRYPOINT")).as("no shell stays between").isEqualTo("[\"/usr/local/bin/modelyard\"]");
    }

    @Test
    void thePageNamesItsBases() throws IOException {
        String page = Files.readString(Path.of("docs/docker.md"));
        assertThat(file.arguments()).containsKeys("BUILD_BASE", "RUN_BASE")
                .allSatisfy((name, base) -> assertThat(page).contains(name, "`" + base + "`"));
        assertThat(file.all("ARG")).contains("MAVEN_FLAGS=");
    }

    @Test
    void itsProgramsCompileAndTheHealthCheckTellsTheTruth(@TempDir Path classes) {
        Outcome compiled = Shell.run(Map.of(), JAVA.resolve("javac").toString(), "-Xlint:all", "-Werror", "-d",
                classes.toString(), "infra/image/Ready.java", "infra/image/Train.java");
        assertThat(compiled.exit()).as(compiled.text()).isZero();
        int port;
        try (TestServer server = TestServer.start()) {
            port = server.port();
            // It has little patience, and a machine may be busy.
            Eventually.isTrue("it says that the server is ready", Duration.ofMinutes(1),
                    () -> ready(classes, server.port()).exit() == 0);
        }
        assertThat(ready(classes, port)).satisfies(gone -> {
            assertThat(gone.exit()).isEqualTo(1);
            assertThat(gone.text()).contains("no server answers at port " + port);
        });
    }

    private static Outcome ready(Path classes, int port) {
        return Shell.run(Map.of("PORT", String.valueOf(port)), JAVA.resolve("java").toString(), "-Xmx16m", "-cp",
                classes.toString(), "Ready");
    }
}
