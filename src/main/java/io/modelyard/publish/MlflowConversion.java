package io.modelyard.publish;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What to do with a model of MLflow whose flavors, or whose files, are not served. */
final class MlflowConversion {
    private MlflowConversion() {}

    /** Where no flavor is served. */
    static String of(Path folder, JsonNode flavors) {
        List<String> names = new ArrayList<>();
        flavors.fieldNames().forEachRemaining(names::add);
        String onnx = folder.resolveSibling(folder.getFileName() + ".onnx").toString();
        String load = Conversion.quoted(folder.toString());
        String refusal = folder + " holds a pickle (MLflow's flavors " + String.join(", ", names)
                + "): a program that runs when it is read, so it is never opened here. ";
        if (names.contains("sklearn")) {
            return Conversion.advice(refusal + "Where it was trained, export the model to ONNX (pip install skl2onnx):",
                    Conversion.toOnnx(List.of("import mlflow.sklearn"), "mlflow.sklearn.load_model(" + load + ")",
                            onnx),
                    onnx);
        }
        if (names.contains("pytorch")) {
            return Conversion.advice(refusal + "Where it was trained, export the model to ONNX:",
                    Conversion.exportTorch(List.of("import mlflow.pytorch"), "mlflow.pytorch.load_model(" + load + ")",
                            onnx),
                    onnx);
        }
        return folder + " has the flavors " + String.join(", ", names) + " of MLflow, and served are xgboost, onnx, "
                + "tensorflow and keras: export the model to ONNX where it was trained, and name that file instead.";
    }

    /** Where the flavor is served, but not in the format of these files. */
    static String ofData(Path folder, String flavor, String data) {
        String load = "mlflow." + flavor + ".load_model(" + Conversion.quoted(folder.toString()) + ")";
        List<String> imports = List.of("import mlflow." + flavor);
        Path file = folder.resolve(data);
        return switch (flavor) {
            case "xgboost" -> {
                String target = folder.resolveSibling(folder.getFileName() + ".ubj").toString();
                yield Conversion.advice(file + " is in no format of XGBoost that is served, the binary one of old "
                        + "versions perhaps. Save the model again with a version that reads it (pip install "
                        + "'xgboost<3.1'):",
                        List.of(imports.getFirst(), load + ".save_model(" + Conversion.quoted(target) + ")"), target);
            }
            case "tensorflow", "keras" -> {
                String target = folder.resolveSibling(folder.getFileName() + "-saved-model").toString();
                yield Conversion.advice(file + " holds no SavedModel but a file of Keras, which is not served: it may "
                        + "hold Python code. Export the model as a SavedModel (a folder):",
                        List.of(imports.getFirst(), load + ".export(" + Conversion.quoted(target) + ")"), target);
            }
            default -> file + " is no model of " + flavor + " that is served: save it again.";
        };
    }
}
