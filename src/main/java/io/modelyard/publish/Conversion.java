package io.modelyard.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What to do with a model whose format is not served: a sentence, and the Python that converts it, to be pasted as it
 * is. Pickles and their like are programs that run when they are read, so they are refused and never opened.
 */
final class Conversion {
    private static final Set<String> PICKLES = Set.of("pkl", "pickle", "joblib", "dill", "sav");
    private static final Set<String> TORCH = Set.of("pt", "pth", "ckpt", "safetensors");
    private static final Set<String> KERAS = Set.of("keras", "h5", "hdf5");
    private static final Set<String> XGBOOST = Set.of("model", "bst", "xgb");
    private static final int HEAD = 1 << 16;

    private Conversion() {}

    /** For a file that by its name, or by its name and first bytes, is of no served format. */
    static Optional<String> of(Path file) {
        String ending = ending(file);
        if (PICKLES.contains(ending)) {
            return Optional.of(pickle(file, ending));
        }
        if (TORCH.contains(ending)) {
            return Optional.of(torch(file, ending));
        }
        if (KERAS.contains(ending)) {
            return Optional.of(keras(file));
        }
        if (ending.equals("bin")) {
            return Optional.of(head(file).startsWith("PK") ? torch(file, ending) : xgboostBinary(file));
        }
        if (ending.equals("cbm")) {
            return Optional.of(catboost(file));
        }
        return XGBOOST.contains(ending) && isOldBinary(head(file)) ? Optional.of(xgboostBinary(file))
                : Optional.empty();
    }

    /** The lines that turn what {@code load} makes into an ONNX file, for scikit-learn. */
    static List<String> toOnnx(List<String> imports, String load, String target) {
        return lines(imports, List.of("import numpy", "from skl2onnx import to_onnx"), List.of("model = " + load,
                "onnx = to_onnx(model, numpy.zeros((1, model.n_features_in_), numpy.float32))",
                "open(" + quoted(target) + ", 'wb').write(onnx.SerializeToString())"));
    }

    /** The lines that turn what {@code load} makes into an ONNX file, for PyTorch. */
    static List<String> exportTorch(List<String> imports, String load, String target) {
        return lines(imports, List.of("import torch"), List.of("model = " + load, "model.eval()",
                "row = torch.zeros(1, 4)  # the shape of one input of your model, a batch of 1 first",
                "torch.onnx.export(model, (row,), " + quoted(target) + ", input_names=['input'], "
                        + "output_names=['output'],",
                "    dynamic_axes={'input': {0: 'rows'}, 'output': {0: 'rows'}})"));
    }

    /** A sentence, and lines of Python for a shell. */
    static String advice(String sentence, List<String> python, String target) {
        return sentence + "\n\npython3 - <<'EOF'\n" + String.join("\n", python) + "\nEOF\n\nThen name " + target
                + " instead.";
    }

    /** A string literal of Python. */
    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }

    private static String pickle(Path file, String ending) {
        String head = head(file);
        boolean joblib = ending.equals("joblib");
        List<String> imports = List.of(joblib ? "import joblib" : "import pickle");
        String load = joblib ? "joblib.load(" + quoted(file.toString()) + ")"
                : "pickle.load(open(" + quoted(file.toString()) + ", 'rb'))";
        String refusal = file + " is a pickle: a program that runs when it is read, so it is never opened here. ";
        return switch (firstOf(head, "xgboost", "sklearn", "torch")) {
            case "xgboost" -> {
                String target = sibling(file, ".ubj");
                yield advice(refusal + "Where it was trained, save the model in XGBoost's own format:",
                        lines(imports, List.of(), List.of(load + ".save_model(" + quoted(target) + ")")), target);
            }
            case "torch" -> advice(refusal + "Where it was trained, export the model to ONNX:",
                    exportTorch(imports, load, sibling(file, ".onnx")), sibling(file, ".onnx"));
            case "sklearn" -> advice(refusal + "Where it was trained, export the model to ONNX (pip install skl2onnx):",
                    toOnnx(imports, load, sibling(file, ".onnx")), sibling(file, ".onnx"));
            default -> advice(refusal + "Where it was trained, save an XGBoost model in its own format, or export a "
                    + "scikit-learn model to ONNX (pip install skl2onnx):", either(imports, load, file),
                    sibling(file, ".ubj") + " or " + sibling(file, ".onnx"));
        };
    }

    private static List<String> either(List<String> imports, String load, Path file) {
        return lines(imports, List.of(), List.of("model = " + load,
                "if hasattr(model, 'save_model'):  # XGBoost",
                "    model.save_model(" + quoted(sibling(file, ".ubj")) + ")",
                "else:  # scikit-learn",
                "    import numpy",
                "    from skl2onnx import to_onnx",
                "    onnx = to_onnx(model, numpy.zeros((1, model.n_features_in_), numpy.float32))",
                "    open(" + quoted(sibling(file, ".onnx")) + ", 'wb').write(onnx.SerializeToString())"));
    }

    private static String torch(Path file, String ending) {
        String target = sibling(file, ".onnx");
        String name = quoted(file.toString());
        if (ending.equals("safetensors")) {
            return advice(file + " holds weights and no network, so nothing can be computed from it alone. Where the "
                    + "network's class is, export the model to ONNX:",
                    exportTorch(List.of("from safetensors.torch import load_file",
                            "from your_code import YourModel  # the class of the network"),
                            "YourModel(); model.load_state_dict(load_file(" + name + "))", target),
                    target);
        }
        if (isTorchScript(file)) {
            return advice(file + " is TorchScript, which is not served. Export the model to ONNX:",
                    exportTorch(List.of(), "torch.jit.load(" + name + ", map_location='cpu')", target), target);
        }
        return advice(file + " is a pickle of PyTorch: a program that runs when it is read, so it is never opened here."
                + " Where it was trained, export the model to ONNX (if it holds a state_dict only, make the model first "
                + "and load_state_dict it):",
                exportTorch(List.of(), "torch.load(" + name + ", map_location='cpu', weights_only=False)", target),
                target);
    }

    private static String keras(Path file) {
        String target = sibling(file, "");
        return advice(file + " is a file of Keras, which is not served: it may hold Python code. Export the model as a "
                + "SavedModel (a folder):",
                List.of("import keras", "model = keras.models.load_model(" + quoted(file.toString())
                        + ", compile=False)", "model.export(" + quoted(target) + ")"),
                target);
    }

    private static String xgboostBinary(Path file) {
        String target = sibling(file, ".ubj");
        return advice(file + " looks like the binary format of old versions of XGBoost, which XGBoost itself reads no "
                + "more since 3.1. Save the model again with a version that reads it (pip install 'xgboost<3.1'):",
                List.of("import xgboost", "xgboost.Booster(model_file=" + quoted(file.toString()) + ").save_model("
                        + quoted(target) + ")"),
                target);
    }

    private static String catboost(Path file) {
        String target = sibling(file, ".onnx");
        return advice(file + " is a model of CatBoost, which is not served. Save it as ONNX:",
                List.of("from catboost import CatBoost", "model = CatBoost()",
                        "model.load_model(" + quoted(file.toString()) + ")",
                        "model.save_model(" + quoted(target) + ", format='onnx')"),
                target);
    }

    private static List<String> lines(List<String> imports, List<String> moreImports, List<String> program) {
        return Stream.of(imports, moreImports, program).flatMap(List::stream).toList();
    }

    /** The module named first: that of the outermost object, as a pickle names classes before their contents. */
    private static String firstOf(String text, String... modules) {
        Map.Entry<String, Integer> first = Map.entry("", Integer.MAX_VALUE);
        for (String module : modules) {
            int at = text.indexOf(module);
            if (at >= 0 && at < first.getValue()) {
                first = Map.entry(module, at);
            }
        }
        return first.getKey();
    }

    private static boolean isTorchScript(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.stream().map(ZipEntry::getName).anyMatch(name -> name.contains("/code/"));
        } catch (IOException notAZip) {
            return false;
        }
    }

    /** Models in UBJSON and JSON begin with a brace. */
    private static boolean isOldBinary(String head) {
        return !head.startsWith("{") && head.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t');
    }

    private static String head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD), ISO_8859_1);
        } catch (IOException unreadable) {
            // Its name has told what it is; what is inside only makes the advice more exact.
            return "";
        }
    }

    private static String sibling(Path file, String ending) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending).toString();
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
