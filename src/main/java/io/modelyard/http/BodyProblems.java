package io.modelyard.http;

import io.micronaut.serde.exceptions.SerdeException;
import io.micronaut.serde.exceptions.path.CollectionItemReferencePath;
import io.micronaut.serde.exceptions.path.MapItemReferencePath;
import io.micronaut.serde.exceptions.path.PropertyReferencePath;
import io.micronaut.serde.exceptions.path.ReferencePath;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What mapping and validation of a body complain about, with the places as JSON pointers. */
final class BodyProblems {
    private BodyProblems() {}

    /** JSON that cannot become what the route reads. */
    static Diagnosis of(SerdeException e) {
        StringBuilder pointer = new StringBuilder();
        // The innermost is the first that an exception passes on its way out.
        for (ReferencePath step : e.getPath().reversed()) {
            switch (step) {
                case PropertyReferencePath property -> append(pointer, snakeCase(property.property().getName()));
                case CollectionItemReferencePath item -> append(pointer, String.valueOf(item.index()));
                case MapItemReferencePath item -> append(pointer, item.key());
                default -> {
                }
            }
        }
        return Diagnosis.ofInput(List.of(new Problem.Entry(pointer.toString(), reason(e))));
    }

    /** What was wrong at the place itself, without the classes that were read on the way there and the parser's position. */
    private static String reason(Throwable e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage()).lines().findFirst().orElse("").strip();
    }

    /** What a body breaks is invalid input; what a parameter breaks is a bad parameter. */
    static Diagnosis of(ConstraintViolationException e) {
        List<Problem.Entry> errors = new ArrayList<>();
        for (ConstraintViolation<?> violation : e.getConstraintViolations()) {
            StringBuilder pointer = new StringBuilder();
            String parameter = "";
            for (Path.Node node : violation.getPropertyPath()) {
                if (node.getKind() == ElementKind.PARAMETER) {
                    parameter = String.valueOf(node.getName());
                } else if (node.getKind() != ElementKind.METHOD) {
                    if (node.getIndex() != null) {
                        append(pointer, String.valueOf(node.getIndex()));
                    } else if (node.getKey() != null) {
                        append(pointer, String.valueOf(node.getKey()));
                    }
                    if (node.getKind() == ElementKind.PROPERTY) {
                        append(pointer, snakeCase(String.valueOf(node.getName())));
                    }
                }
            }
            if (pointer.isEmpty()) {
                return Diagnosis.of(400, "bad_parameter", "'" + parameter + "' " + violation.getMessage());
            }
            errors.add(new Problem.Entry(pointer.toString(), violation.getMessage()));
        }
        errors.sort(Comparator.comparing(Problem.Entry::pointer));
        return Diagnosis.ofInput(errors);
    }

    private static void append(StringBuilder pointer, String step) {
        pointer.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }

    /** The name that a property has in JSON. */
    private static String snakeCase(String property) {
        return property.replaceAll("(\\p{Lower})(\\p{Upper})", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }
}
