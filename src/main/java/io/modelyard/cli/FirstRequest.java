package io.modelyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.modelyard.model.Example;
import io.modelyard.model.Manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A prediction for a shell: what somebody can paste who sees the model for the first time. */
final class FirstRequest {
    /** A longer body goes into a file. */
    private static final int LONGEST = 3000;

    private FirstRequest() {}

    /**
     * @param url of the server
     * @param keyFile holds the caller's key
     * @param folder for the body, if it is long
     * @return a command; empty where the manifest has no example
     */
    static Optional<String> of(Manifest manifest, String url, Path keyFile, Path folder) throws IOException {
        if (manifest.examples().isEmpty()) {
            return Optional.empty();
        }
        Example example = manifest.examples().getFirst();
        JsonNode body = JsonNodeFactory.instance.objectNode().set("inputs", example.inputs());
        String data = body.toString();
        if (data.length() > LONGEST) {
            data = "@" + Files.writeString(folder.resolve("request.json"), data);
        }
        return Optional.of("curl " + quoted(url + "/predict/" + manifest.type()) + " \\\n"
                + "  -H \"X-API-Key: $(cat " + quoted(keyFile.toString()) + ")\" \\\n"
                + "  -H 'Content-Type: application/json' \\\n"
                + "  -d " + quoted(data));
    }

    /** One word of a POSIX shell. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
