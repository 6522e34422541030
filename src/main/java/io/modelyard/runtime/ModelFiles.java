package io.modelyard.runtime;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The files of one version on local disk, verified and not changing.
 *
 * @param root the folder that holds them
 * @param paths relative to root, with forward slashes
 * @param options the manifest's {@code runtime_options}
 */
public record ModelFiles(Path root, List<String> paths, Map<String, JsonNode> options) {
    public ModelFiles {
        paths = List.copyOf(paths);
        options = Map.copyOf(options);
    }

    public Path resolve(String path) {
        return root.resolve(path);
    }
}
