package io.modelyard.runtime.tensorflow;

import io.modelyard.runtime.InvalidModelException;
import org.tensorflow.proto.SignatureDef;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which signature is served: the one that {@code runtime_options.signature} names, else {@code serving_default}, else
 * the only one that can be served.
 */
record SignatureChoice(String name, SignatureDef definition, BoundSignature bound, List<String> warnings) {
    private static final String DEFAULT = "serving_default";
    /** TensorFlow's own signatures, which only name operations of the life of the model, start so. */
    private static final String RESERVED = "__saved_model_";
    private static final String PREDICT = "tensorflow/serving/predict";

    static SignatureChoice of(Map<String, SignatureDef> definitions, LoadOptions options, SignatureBinder binder)
            throws InvalidModelException {
        Map<String, SignatureDef> signatures = new TreeMap<>(definitions);
        signatures.keySet().removeIf(name -> name.startsWith(RESERVED));
        if (signatures.isEmpty()) {
            throw new InvalidModelException(
                    "the SavedModel has no signatures: save it with tf.saved_model.save(model, folder, signatures=...)");
        }
        List<String> warnings = new ArrayList<>();
        String name = options.signature().orElse(DEFAULT);
        SignatureDef definition = signatures.get(name);
        if (definition == null) {
            name = onlyOne(signatures, options, binder).orElseThrow(() -> absent(signatures, options, binder));
            definition = signatures.getOrDefault(name, SignatureDef.getDefaultInstance());
            warnings.add("there is no signature '" + DEFAULT + "': '" + name + "', the only one, is served");
        }
        try {
            SignatureChoice choice = new SignatureChoice(name, definition, binder.bind(definition, warnings), warnings);
            choice.warnOfBroken(signatures, binder);
            return choice;
        } catch (InvalidModelException e) {
            throw new InvalidModelException("signature '" + name + "' cannot be served: " + e.reason()
                    + others(signatures, name, binder), e);
        }
    }

    private static Optional<String> onlyOne(Map<String, SignatureDef> signatures, LoadOptions options,
            SignatureBinder binder) {
        if (options.signature().isPresent()) {
            return Optional.empty();
        }
        List<String> usable = signatures.entrySet().stream()
                .filter(entry -> entry.getValue().getMethodName().equals(PREDICT))
                .filter(entry -> entry.getValue().getInputsCount() > 0 && entry.getValue().getOutputsCount() > 0)
                .filter(entry -> binder.contradiction(entry.getValue()).isEmpty()).map(Map.Entry::getKey).toList();
        return usable.size() == 1 ? Optional.of(usable.getFirst()) : Optional.empty();
    }

    private static InvalidModelException absent(Map<String, SignatureDef> signatures, LoadOptions options,
            SignatureBinder binder) {
        return new InvalidModelException("there is no signature '" + options.signature().orElse(DEFAULT)
                + "': name one of these with runtime_options.signature: " + listed(signatures, binder));
    }

    private static String others(Map<String, SignatureDef> signatures, String name, SignatureBinder binder) {
        Map<String, SignatureDef> others = new TreeMap<>(signatures);
        others.remove(name);
        return others.isEmpty() ? "" : ". The model also has, for runtime_options.signature: " + listed(others, binder);
    }

    private static String listed(Map<String, SignatureDef> signatures, SignatureBinder binder) {
        return String.join(", ", signatures.entrySet().stream()
                .map(entry -> entry.getKey()
                        + binder.contradiction(entry.getValue()).map(wrong -> " (broken: " + wrong + ")").orElse(""))
                .toList());
    }

    private void warnOfBroken(Map<String, SignatureDef> signatures, SignatureBinder binder) {
        signatures.forEach((other, signature) -> binder.contradiction(signature).ifPresent(
                wrong -> warnings.add("signature '" + other + "' is left out, for it is broken: " + wrong)));
    }
}
