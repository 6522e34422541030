package io.modelyard.openapi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the schemas and the operation of a type are called, as generated programs call their classes: {@code BreastCancer…} of
 * {@code breast-cancer}. For one document.
 */
final class ModelNames {
    static final String REQUEST = "Request";
    static final String ROWS = "Rows";
    static final String ROW = "Row";
    static final String ONE_ROW = "OneRow";
    static final String ARRAYS = "Arrays";
    static final String ARRAY = "Array";
    static final String TENSORS = "Tensors";
    static final String TENSOR_INPUTS = "TensorInputs";
    static final String ANSWER = "Answer";
    static final String PREDICTION = "Prediction";
    private static final List<String> SCHEMAS = List.of(REQUEST, ROWS, ROW, ONE_ROW, ARRAYS, ARRAY, TENSORS,
            TENSOR_INPUTS, ANSWER, PREDICTION);

    /** In lower case: files of generated programs may lie where that makes no difference. */
    private final Set<String> taken = new HashSet<>();

    /** @param names of schemas and operations that the document has already */
    ModelNames(Collection<String> names) {
        names.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
    }

    /** Where that is another's already, because types differ in their signs alone, there is a digest behind it. */
    String of(String type) {
        String name = camel(type);
        return claim(name) ? name : claimed(name + digest(type));
    }

    static String operation(String name) {
        return "predict" + name;
    }

    private String claimed(String name) {
        claim(name);
        return name;
    }

    private boolean claim(String name) {
        Set<String> wanted = Stream
                .concat(Stream.of(operation(name), operation(name) + "Version"), SCHEMAS.stream().map(name::concat))
                .map(each -> each.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return wanted.stream().noneMatch(taken::contains) && taken.addAll(wanted);
    }

    private static String camel(String type) {
        StringBuilder name = new StringBuilder(Character.isDigit(type.charAt(0)) ? "Type" : "");
        boolean upper = true;
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            } else {
                upper = true;
            }
        }
        return name.toString();
    }

    private static String digest(String type) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(type.getBytes(StandardCharsets.UTF_8)), 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
