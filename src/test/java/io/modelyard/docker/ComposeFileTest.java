package io.modelyard.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.Shell;
import io.modelyard.Shell.Outcome;
import io.modelyard.docker.ComposeFile.Mount;
import io.modelyard.docker.ComposeFile.Service;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** docker-compose.yml is one that Docker Compose reads, fits what it mounts and starts, and is what docs/docker.md says. */
final class ComposeFileTest {
    private static final Path DOCS = Path.of("docs/docker.md");
    private static final String OURS = "modelyard:local";
    /** The bases of LocalStack want root and a file system of their own. */
    private static final String UNGUARDED = "localstack";
    private static final Pattern IMAGE = Pattern.compile("`([a-z][a-z0-9/-]*:[a-z]?[0-9][\\w.-]*)`");
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

    private final ComposeFile compose = ComposeFile.read();

    @Test
    void composeReadsIt() {
        assumeTrue(Shell.works("docker-compose", "version"), "there is no docker-compose here");
        Outcome checked = Shell.run(Map.of(), "docker-compose", "config", "-q");
        assertThat(checked.exit()).as(checked.text()).isZero();
        Outcome services = Shell.run(Map.of(), "docker-compose", "config", "--services");
        assertThat(services.text().lines()).containsExactlyInAnyOrderElementsOf(compose.services().keySet());
    }

    @Test
    void allThatItMountsIsThereForEverybodyToRead() {
        List<Mount> mounts = compose.services().values().stream().flatMap(service -> service.mounts().stream())
                .toList();
        assertThat(mounts).isNotEmpty().allSatisfy(mount -> {
            if (mount.isOfTheRepository()) {
                assertThat(Path.of(mount.source())).exists();
                assertThat(mount.readOnly()).as("the sources stay as they are").isTrue();
            } else {
                assertThat(compose.volumes()).contains(mount.source());
            }
        });
        assertThat(Path.of("infra/localstack/fill-bucket.sh")).isExecutable();
    }

    @Test
    void whatTheServerIsToldIsWhatItUnderstands() {
        assertThat(KnownVariables.all()).containsAll(compose.service("modelyard").environment().keySet())
                .doesNotContain("MODELYARD_STORE_URL");
    }

    @Test
    void imagesAreNeitherNewerNorOlderTomorrow() {
        assertThat(compose.services().values()).allSatisfy(service -> assertThat(service.image()).satisfiesAnyOf(
                image -> assertThat(image).matches(".+:v?[0-9]+\\.[0-9]+\\.[0-9]+(-alpine)?"),
                image -> assertThat(image).isEqualTo(OURS)));
    }

    @Test
    void onlyThisMachineReachesIt() {
        assertThat(compose.services().values()).allSatisfy(service -> assertThat(service.ports())
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:")));
    }

    @Test
    void nobodyIsWaitedForWhoDoesNotTellHowItIs() {
        assertThat(compose.services().values()).allSatisfy(service -> {
            boolean ends = service.document().path("healthcheck").path("disable").asBoolean();
            assertThat(service.document().path("healthcheck").has("test")).as(service.name()).isEqualTo(!ends);
            service.document().path("depends_on").properties().forEach(dependency -> {
                boolean other = compose.service(dependency.getKey()).document().path("healthcheck").path("disable")
                        .asBoolean();
                assertThat(dependency.getValue().path("condition").asText()).as(service.name())
                        .isEqualTo(other ? "service_completed_successfully" : "service_healthy");
            });
        });
    }

    @Test
    void whatBreaksInFindsLittle() {
        assertThat(compose.services().values()).filteredOn(service -> !service.name().equals(UNGUARDED))
                .allSatisfy(service -> {
                    assertThat(service.document().path("read_only").asBoolean()).as(service.name()).isTrue();
                    assertThat(service.texts("cap_drop")).containsExactly("ALL");
                    assertThat(service.texts("security_opt")).contains("no-new-privileges:true");
                });
        assertThat(compose.service("modelyard").texts("tmpfs").getFirst()).as("libraries are loaded from there")
                .startsWith("/tmp:exec,");
    }

    @Test
    void prometheusFindsTheServerAndItsKey() {
        JsonNode job = ComposeFile.yaml(Path.of("prometheus/prometheus.yml")).path("scrape_configs").path(0);
        String target = job.path("static_configs").path(0).path("targets").path(0).asText();
        Service server = compose.service(target.substring(0, target.indexOf(':')));
        assertThat(server.ports()).anySatisfy(port -> assertThat(port).endsWith(target.substring(target.indexOf(':'))));
        Mount keys = compose.service("prometheus").mounts().stream().filter(mount -> mount.source().equals("keys"))
                .findFirst().orElseThrow();
        assertThat(job.path("authorization").path("credentials_file").asText())
                .isEqualTo(keys.target() + "/prometheus.key");
        // Only the group of the image may read it.
        assertThat(compose.service("prometheus").document().path("user").asText())
                .endsWith(new Dockerfile().group());
    }

    @Test
    void theServerIsCheckedAsItsImageSays() {
        assertThat(compose.service("modelyard").document().path("healthcheck").path("test").toString())
                .isEqualTo(new Dockerfile().healthCheck().replace("[\"java\"", "[\"CMD\",\"java\""));
    }

    @Test
    void thePageSaysWhatItStarts() throws IOException {
        String page = Files.readString(DOCS);
        for (Service service : compose.services().values()) {
            assertThat(page).contains("| `" + service.name() + "` | `" + service.image() + "`");
            for (String port : service.ports()) {
                assertThat(page).contains("http://" + port.substring(0, port.lastIndexOf(':')));
            }
        }
        assertThat(compose.volumes()).allSatisfy(volume -> assertThat(page).contains("| `" + volume + "` | "));
        assertThat(compose.variables()).isNotEmpty().allSatisfy(name -> assertThat(page).contains("`" + name));
    }

    @Test
    void thePageNamesNothingElse() throws IOException {
        String page = Files.readString(DOCS);
        Set<String> images = compose.services().values().stream().map(Service::image).collect(Collectors.toSet());
        images.addAll(new Dockerfile().arguments().values());
        assertThat(IMAGE.matcher(page).results().map(found -> found.group(1))).isNotEmpty()
                .allSatisfy(image -> assertThat(images).contains(image));
        List<String> ports = compose.services().values().stream().flatMap(service -> service.ports().stream())
                .map(port -> port.substring(port.indexOf(':') + 1, port.lastIndexOf(':'))).toList();
        assertThat(ADDRESS.matcher(page).results().map(found -> found.group(1))).isNotEmpty()
                .allSatisfy(port -> assertThat(ports).contains(port));
    }
}
