package io.modelyard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ServingFailure;
import io.modelyard.publish.ExampleRows;
import io.modelyard.publish.ManifestFields;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What somebody says of a model that it does not say itself. */
final class DescriptionOptions {
    private static final ObjectMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    @Option(names = "--manifest", paramLabel = "<file>", description = "A JSON file with members of the manifest that go over what is found from the model: names of features, labels of outputs, preprocessing, runtime_options, training.")
    private @Nullable Path manifest;

    @Option(names = "--examples", paramLabel = "<file>", description = "A JSON file with rows, to which the model's own answers are kept, or with examples {\"inputs\", \"outputs\", \"tolerance\"}, which the model must answer so.")
    private @Nullable Path examples;

    @Option(names = "--label", paramLabel = "<name>=<value>", description = "A label of the version, team=birds for example; may be repeated.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--created-by", paramLabel = "<name>", description = "Who publishes; by default whom the pipeline works for, or this user.")
    private @Nullable String createdBy;

    /** @throws ServingFailure.InvalidManifest if a file cannot be read, or is not what it should be */
    ManifestFields fields() {
        ManifestFields fields = manifest == null ? ManifestFields.none() : parsed(manifest);
        if (examples != null) {
            fields = fields.with("examples", ExampleRows.examples(tree(examples)));
        }
        if (!labels.isEmpty()) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            labels.forEach(all::put);
            fields = fields.with("labels", all);
        }
        return createdBy == null ? fields : fields.with("created_by", JsonNodeFactory.instance.textNode(createdBy));
    }

    private static ManifestFields parsed(Path file) {
        try {
            return ManifestFields.parse(bytes(file));
        } catch (ServingFailure.InvalidManifest e) {
            throw new ServingFailure.InvalidManifest(file + ": " + e.detail());
        }
    }

    private static JsonNode tree(Path file) {
        try {
            return JSON.readTree(bytes(file));
        } catch (JsonProcessingException e) {
            throw new ServingFailure.InvalidManifest(file + " is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse("") + " (line " + e.getLocation().getLineNr()
                    + ", column " + e.getLocation().getColumnNr() + ")");
        } catch (IOException e) {
            throw new ServingFailure.InvalidManifest(file + " is not UTF-8 text: " + e.getMessage());
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BadArgumentException("there is no file " + file);
        } catch (IOException e) {
            throw new BadArgumentException(file + " cannot be read: " + e);
        }
    }
}
