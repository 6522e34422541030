package io.modelyard.runtime.xgboost;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The one file among those of a version that holds the model: the one that {@code runtime_options.file} names, or else
 * the only one that looks like a model.
 *
 * @param name its path among the version's files
 */
record ModelFile(String name, Path path) {
    private static final Set<String> ENDINGS = Set.of("ubj", "json", "xgb", "model", "bst");

    /** Whether there is at least one file that looks like a model. */
    static boolean isAmong(ModelFiles files) {
        return candidates(files).stream().anyMatch(candidate -> {
            try {
                return candidate.isModel();
            } catch (IOException e) {
                // Loading it says why it cannot be read.
                return false;
            }
        });
    }

    static ModelFile among(ModelFiles files) throws InvalidModelException {
        Optional<ModelFile> named = named(files);
        if (named.isPresent()) {
            return named.get();
        }
        List<ModelFile> recognised = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (ModelFile candidate : candidates(files)) {
            try {
                if (candidate.isModel()) {
                    recognised.add(candidate);
                } else {
                    others.add(candidate.name() + (Files.size(candidate.path()) == 0
                            ? " has no bytes"
                            : " does not start like an XGBoost model"));
                }
            } catch (IOException e) {
                throw candidate.unreadable(e);
            }
        }
        if (recognised.size() == 1) {
            return recognised.getFirst();
        }
        if (recognised.isEmpty()) {
            throw new InvalidModelException("no file is an XGBoost model ("
                    + (others.isEmpty() ? "none ends in .ubj, .json, .xgb, .model or .bst" : String.join("; ", others))
                    + "): save the model with Booster.save_model('model.ubj')");
        }
        throw new InvalidModelException("several files look like an XGBoost model ("
                + String.join(", ", recognised.stream().map(ModelFile::name).toList())
                + "): name the right one as runtime_options.file");
    }

    /** The whole content. */
    byte[] read() throws InvalidModelException {
        try {
            if (Files.size(path) > Integer.MAX_VALUE - 8) {
                throw new InvalidModelException(name + " is larger than 2 GB, which the library's Java interface cannot"
                        + " take: train a smaller model");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private boolean isModel() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] head = in.readNBytes(FileFormat.HEAD);
            return FileFormat.of(head).isModel(head);
        }
    }

    private InvalidModelException unreadable(IOException cause) {
        return new InvalidModelException(name + " cannot be read: " + cause, cause);
    }

    private static Optional<ModelFile> named(ModelFiles files) throws InvalidModelException {
        JsonNode option = files.options().get("file");
        if (option == null) {
            return Optional.empty();
        }
        if (!option.isTextual() || !files.paths().contains(option.asText())) {
            throw new InvalidModelException("runtime_options.file is " + option + ", and the files of this version are "
                    + String.join(", ", files.paths()));
        }
        return Optional.of(new ModelFile(option.asText(), files.resolve(option.asText())));
    }

    private static List<ModelFile> candidates(ModelFiles files) {
        JsonNode option = files.options().get("file");
        return files.paths().stream()
                .filter(path -> option == null
                        ? ENDINGS.contains(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                        : path.equals(option.asText()))
                .map(path -> new ModelFile(path, files.resolve(path))).toList();
    }
}
