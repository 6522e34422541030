package io.modelyard.publish;

import com.fasterxml.uuid.Generators;

import java.util.regex.Pattern;

/** Names one push: a UUID of version 7, so that pushes sort by time and no folder of a model is taken for one. */
final class PushId {
    private static final Pattern SYNTAX = Pattern
            .compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private PushId() {}

    static String fresh() {
        return Generators.timeBasedEpochGenerator().generate().toString();
    }

    static boolean isPushId(String name) {
        return SYNTAX.matcher(name).matches();
    }
}
