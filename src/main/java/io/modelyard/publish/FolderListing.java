package io.modelyard.publish;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of a folder, and which of them could be a model together. */
final class FolderListing {
    private static final String SAVED_MODEL = "saved_model.pb";

    private FolderListing() {}

    /** All files that are not hidden, relative to the folder with forward slashes, sorted; links are followed. */
    static List<String> of(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return files.filter(Files::isRegularFile).map(file -> slashed(folder.relativize(file)))
                    .filter(path -> !path.startsWith(".") && !path.contains("/.")).sorted().toList();
        }
    }

    /** The files of each SavedModel together, every other file alone. */
    static List<List<String>> candidates(List<String> paths) {
        List<String> savedModels = paths.stream()
                .filter(path -> path.equals(SAVED_MODEL) || path.endsWith("/" + SAVED_MODEL))
                .map(path -> path.substring(0, path.length() - SAVED_MODEL.length())).toList();
        List<List<String>> candidates = new ArrayList<>();
        for (String folder : savedModels) {
            boolean inside = savedModels.stream().anyMatch(other -> !other.equals(folder) && folder.startsWith(other));
            if (!inside) {
                candidates.add(paths.stream().filter(path -> path.startsWith(folder)).toList());
            }
        }
        paths.stream().filter(path -> savedModels.stream().noneMatch(path::startsWith))
                .forEach(path -> candidates.add(List.of(path)));
        return candidates;
    }

    static String slashed(Path relative) {
        return relative.toString().replace('\\', '/');
    }
}
