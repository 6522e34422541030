package io.modelyard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelyard.Shell.Outcome;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** docker-compose.yml is one that Docker Compose reads, and names files that are there. */
final class ComposeFileTest {
    private static final Path FILE = Path.of("docker-compose.yml");

    @Test
    void composeReadsIt() {
        assumeTrue(Shell.works("docker-compose", "version"), "there is no docker-compose here");
        Outcome checked = Shell.run(Map.of(), "docker-compose", "--profile", "localstack", "config", "-q");
        assertThat(checked.exit()).as(checked.text()).isZero();
        Outcome services = Shell.run(Map.of(), "docker-compose", "--profile", "localstack", "config", "--services");
        assertThat(services.text()).contains("localstack");
    }

    @Test
    void itStartsNothingUnaskedAndMountsWhatIsThere() throws IOException {
        JsonNode compose = new ObjectMapper().valueToTree(
                new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(Files.readString(FILE)));
        JsonNode localstack = compose.path("services").path("localstack");
        assertThat(localstack.path("profiles").path(0).asText()).isEqualTo("localstack");
        JsonNode volumes = localstack.path("volumes");
        assertThat(volumes).isNotEmpty();
        for (JsonNode volume : volumes) {
            Path mounted = Path.of(volume.asText().substring(0, volume.asText().indexOf(':')));
            assertThat(mounted).exists();
            assertThat(mounted).isReadable();
        }
        assertThat(Path.of("infra/localstack/fill-bucket.sh")).isExecutable();
    }
}
