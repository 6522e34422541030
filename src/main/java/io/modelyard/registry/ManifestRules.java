package io.modelyard.registry;

import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.registry.InvalidDocumentException.Problem;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a manifest must keep to beyond its schema, as far as the manifest alone can tell. */
final class ManifestRules {
    private final List<Problem> problems = new ArrayList<>();

    private ManifestRules() {}

    static void check(Manifest manifest) throws InvalidDocumentException {
        ManifestRules rules = new ManifestRules();
        rules.name(manifest);
        rules.files(manifest.files());
        rules.tensors("/inputs", manifest.inputs());
        rules.tensors("/outputs", manifest.outputs());
        if (!rules.problems.isEmpty()) {
            throw new InvalidDocumentException(rules.problems);
        }
    }

    private void name(Manifest manifest) {
        try {
            manifest.id();
        } catch (IllegalArgumentException e) {
            problem("/version", e.getMessage());
        }
    }

    private void files(List<ArtifactFile> files) {
        Set<String> paths = new HashSet<>();
        Set<String> folders = new HashSet<>();
        long total = 0;
        for (int i = 0; i < files.size(); i++) {
            ArtifactFile file = files.get(i);
            String pointer = "/files/" + i + "/path";
            String wrong = wrongPath(file.path());
            if (wrong != null) {
                problem(pointer, "'" + file.path() + "' " + wrong);
            } else if (!paths.add(file.path())) {
                problem(pointer, "'" + file.path() + "' is there twice");
            }
            for (int slash = file.path().indexOf('/'); slash >= 0; slash = file.path().indexOf('/', slash + 1)) {
                folders.add(file.path().substring(0, slash));
            }
            try {
                total = Math.addExact(total, file.size());
            } catch (ArithmeticException overflow) {
                problem("/files/" + i + "/size", "all files together are larger than any disk");
                return;
            }
        }
        for (int i = 0; i < files.size(); i++) {
            if (folders.contains(files.get(i).path())) {
                problem("/files/" + i + "/path",
                        "'" + files.get(i).path() + "' is a file here and a folder for another");
            }
        }
    }

    /** Paths become keys in the store and files on disk: they must mean the same in both, and stay in their folder. */
    private static @Nullable String wrongPath(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.isEmpty()) {
                return "must be relative and have no empty segments";
            }
            if (segment.equals("..") || segment.equals(".")) {
                return "must not have '.' or '..' in it";
            }
            if (segment.startsWith(".")) {
                return "must have no hidden file or folder in it";
            }
        }
        if (path.indexOf('\\') >= 0 || path.chars().anyMatch(Character::isISOControl)) {
            return "must have forward slashes and no control characters";
        }
        return null;
    }

    private void tensors(String pointer, List<TensorSpec> specs) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < specs.size(); i++) {
            TensorSpec spec = specs.get(i);
            String at = pointer + "/" + i;
            if (!names.add(spec.name())) {
                problem(at + "/name", "'" + spec.name() + "' is there twice");
            }
            features(at + "/features", spec);
            labels(at + "/labels", spec);
        }
    }

    private void features(String pointer, TensorSpec spec) {
        List<Feature> features = spec.features();
        if (features.isEmpty()) {
            return;
        }
        Shape row = spec.isBatched() ? spec.shape().row() : spec.shape();
        if (row.isKnown() && row.elements() != features.size()) {
            problem(pointer, "there are " + features.size() + " features, and a row of shape " + spec.shape() + " has "
                    + row.elements() + " values");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            if (!names.add(feature.name())) {
                problem(pointer + "/" + i + "/name", "'" + feature.name() + "' is there twice");
            }
            if (feature.minimum() != null && feature.maximum() != null && feature.minimum() > feature.maximum()) {
                problem(pointer + "/" + i, "the minimum " + feature.minimum() + " is above the maximum "
                        + feature.maximum());
            }
        }
    }

    private void labels(String pointer, TensorSpec spec) {
        int rank = spec.shape().rank();
        long width = rank < 2 ? Shape.ANY : spec.shape().dim(rank - 1);
        int labels = spec.labels().size();
        boolean oneOfTwo = width == 1 && labels == 2;
        if (labels > 0 && width != Shape.ANY && width != labels && !oneOfTwo) {
            problem(pointer, "there are " + labels + " labels, and the last axis of " + spec.shape() + " has " + width
                    + " places");
        }
    }

    private void problem(String pointer, @Nullable String detail) {
        problems.add(new Problem(pointer, String.valueOf(detail)));
    }
}
