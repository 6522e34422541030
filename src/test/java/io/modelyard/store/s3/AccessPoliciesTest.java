package io.modelyard.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The policies of infra/iam hold what the store asks of S3, and no more. */
final class AccessPoliciesTest {
    private static final Path FOLDER = Path.of("infra/iam");
    private static final S3Location STORE = S3Location.of("s3://BUCKET/PREFIX");
    private static final List<String> DOCUMENTS = List.of("registry/churn/1.json", "routing/churn/0000000001.json",
            "access/admin/0000000001.json");
    private static final List<String> ALL = List.of("registry/churn/1.json", "routing/churn/0000000001.json",
            "access/admin/0000000001.json", "models/churn/1/push/model.ubj", "changes/x.json", "generation");

    @ParameterizedTest
    @ValueSource(strings = {"pipeline.json", "server-read-only.json", "server.json", "bucket-policy.json"})
    void isAPolicyWhosePlaceholdersAreExplained(String name) throws IOException {
        JsonNode policy = policy(name);
        assertThat(policy.path("Version").asText()).isEqualTo("2012-10-17");
        assertThat(policy.path("Statement")).isNotEmpty().allSatisfy(statement -> {
            assertThat(statement.path("Sid").asText()).matches("[A-Za-z0-9]+");
            assertThat(statement.path("Effect").asText()).isIn("Allow", "Deny");
            assertThat(statement.has("Principal")).isEqualTo(name.equals("bucket-policy.json"));
            assertThat(texts(statement.path("Action"))).isNotEmpty().noneMatch(action -> action.contains("*"));
            assertThat(texts(statement.path("Resource"))).isNotEmpty()
                    .allMatch(resource -> resource.matches("arn:aws:s3:::BUCKET(/PREFIX/.+)?"));
        });
        String explained = Files.readString(FOLDER.resolve("README.md"));
        assertThat(explained).contains("[" + name + "](" + name + ")");
        Pattern word = Pattern.compile("[A-Z]{3,}");
        Set<String> words = new TreeSet<>(word.matcher(policy.findValues("Resource").toString()).results()
                .map(found -> found.group()).toList());
        assertThat(words).isNotEmpty().allSatisfy(each -> assertThat(explained).contains("| `" + each + "` |"));
    }

    @Test
    void aServerThatReadsMayReadAndListAndNothingElse() throws IOException {
        JsonNode policy = policy("server-read-only.json");
        ALL.forEach(key -> {
            assertThat(allows(policy, S3Action.READ, key)).as(key).isTrue();
            assertThat(allows(policy, S3Action.CREATE, key)).as(key).isFalse();
            assertThat(allows(policy, S3Action.DELETE, key)).as(key).isFalse();
        });
        assertThat(allows(policy, S3Action.LIST, "")).isTrue();
        assertThat(allows(policy, S3Action.READ, "other/secret")).isFalse();
        assertThat(actions(policy)).containsExactlyInAnyOrder("s3:GetObject", "s3:ListBucket");
    }

    @Test
    void aServerThatWritesMayDoAllButRemoveManifests() throws IOException {
        JsonNode policy = policy("server.json");
        ALL.forEach(key -> {
            assertThat(allows(policy, S3Action.READ, key)).as(key).isTrue();
            assertThat(allows(policy, S3Action.CREATE, key)).as(key).isTrue();
        });
        for (String key : List.of("routing/churn/0000000001.json", "access/admin/0000000001.json",
                "models/churn/1/push/model.ubj", "changes/x.json", "probe/x")) {
            assertThat(allows(policy, S3Action.DELETE, key)).as(key).isTrue();
        }
        assertThat(allows(policy, S3Action.CREATE, "probe/x")).isTrue();
        assertThat(allows(policy, S3Action.DELETE, "registry/churn/1.json")).isFalse();
        assertThat(allows(policy, S3Action.DELETE, "generation")).isFalse();
        Set<String> asked = new TreeSet<>(Set.of("s3:AbortMultipartUpload"));
        for (S3Action action : S3Action.values()) {
            asked.add(permission(action, ""));
        }
        assertThat(actions(policy)).isEqualTo(asked);
    }

    @Test
    void aPipelineMayCreateWhatBelongsToItsTypeOnly() throws IOException {
        JsonNode policy = policy("pipeline.json");
        assertThat(actions(policy)).containsExactly("s3:PutObject");
        for (String key : List.of("registry/TYPE/1.json", "models/TYPE/1/push/a", "changes/x.json", "generation")) {
            assertThat(allows(policy, S3Action.CREATE, key)).as(key).isTrue();
        }
        for (String key : List.of("registry/other/1.json", "models/other/1/a", "routing/TYPE/1.json", "access/a/1.json",
                "probe/x", "registry/TYPE.json", "generations")) {
            assertThat(allows(policy, S3Action.CREATE, key)).as(key).isFalse();
        }
    }

    @Test
    void theBucketDemandsThatDocumentsAreCreated() throws IOException {
        JsonNode create = policy("bucket-policy.json").path("Statement").path(0);
        assertThat(create.path("Effect").asText()).isEqualTo("Deny");
        assertThat(create.path("Condition").path("Null").path("s3:if-none-match").asText()).isEqualTo("true");
        DOCUMENTS.forEach(key -> assertThat(covers(create, S3Action.CREATE, key)).as(key).isTrue());
        // These are overwritten, or sent by tools that do not know the header.
        for (String key : List.of("generation", "models/churn/1/push/model.ubj", "changes/x.json", "probe/x")) {
            assertThat(covers(create, S3Action.CREATE, key)).as(key).isFalse();
        }
    }

    private static boolean allows(JsonNode policy, S3Action action, String key) {
        for (JsonNode statement : policy.path("Statement")) {
            if (statement.path("Effect").asText().equals("Allow") && covers(statement, action, key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(JsonNode statement, S3Action action, String key) {
        String[] wanted = action.permission(STORE, key).split(" on ", 2);
        return texts(statement.path("Action")).contains(wanted[0]) && texts(statement.path("Resource")).stream()
                .anyMatch(resource -> wanted[1].matches(Pattern.quote(resource).replace("*", "\\E.*\\Q")));
    }

    private static String permission(S3Action action, String key) {
        return action.permission(STORE, key).split(" on ", 2)[0];
    }

    private static Set<String> actions(JsonNode policy) {
        Set<String> actions = new TreeSet<>();
        policy.path("Statement").forEach(statement -> actions.addAll(texts(statement.path("Action"))));
        return actions;
    }

    private static List<String> texts(JsonNode oneOrMany) {
        List<String> texts = new ArrayList<>();
        if (oneOrMany.isTextual()) {
            texts.add(oneOrMany.asText());
        }
        oneOrMany.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static JsonNode policy(String name) throws IOException {
        return new ObjectMapper().readTree(FOLDER.resolve(name).toFile());
    }
}
