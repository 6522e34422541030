package io.modelyard.runtime.onnx;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.onnx.OnnxOutline.ExternalTensor;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which other files a model may read the values of its tensors from: those of its own version, at or below the folder
 * of the model's file. A model comes from whoever may push; without this rule it could copy any file of the host into
 * its answers. The library has such a rule too, but it asks the file system, not the manifest, and has been mended more
 * than once.
 */
final class ExternalFiles {
    private ExternalFiles() {}

    /** @throws InvalidModelException if a tensor of the model in file {@code model} lies anywhere else */
    static void check(ModelFiles files, String model, List<ExternalTensor> tensors) throws InvalidModelException {
        Set<Path> ours = new HashSet<>();
        files.paths().forEach(path -> ours.add(absolute(files, path)));
        Path folder = absolute(files, model).resolveSibling("");
        for (ExternalTensor tensor : tensors) {
            Path file = locate(folder, model, tensor);
            if (tensor.location().startsWith("/") || !file.startsWith(folder)) {
                throw new InvalidModelException(describe(model, tensor) + ", which is outside of the folder of the "
                        + "model; put it beside the model and refer to it by its name alone");
            }
            if (!ours.contains(file)) {
                throw new InvalidModelException(describe(model, tensor) + ", which is not among the files of this "
                        + "version; push it together with the model");
            }
        }
    }

    private static Path absolute(ModelFiles files, String path) {
        return files.resolve(path).toAbsolutePath().normalize();
    }

    private static Path locate(Path folder, String model, ExternalTensor tensor) throws InvalidModelException {
        try {
            return folder.resolve(tensor.location()).normalize();
        } catch (InvalidPathException e) {
            throw new InvalidModelException(describe(model, tensor) + ", which is no name of a file", e);
        }
    }

    private static String describe(String model, ExternalTensor tensor) {
        return model + ": the values of tensor '" + tensor.name() + "' lie in '" + tensor.location() + "'";
    }
}
