package io.modelyard.runtime.xgboost;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.regex.Pattern;

/** What a file is, judged by its first bytes. */
enum FileFormat {
    /** Told from JSON as the library does it, by what comes behind the brace: the type of a length, or a quote. */
    UBJSON("^\\{L", "learner\\{"), JSON("^\\{\\s*\"", "\"learner\"\\s*:\\s*\\{"),
    /**
     * Booster.save_model's own format up to XGBoost 2.1, which newer libraries do not read. It begins with a magic, or
     * before 1.0 at once with 136 bytes of parameters, and the length and name of the objective.
     */
    LEGACY_BINARY("^(binf|bs64|.{136}[\\x03-\\x40]\\x00{7}(reg|binary|multi|count|rank|survival):)", ""), EMPTY("^$",
            "(?!)"), OTHER("", "(?!)");

    /** How many bytes tell the format. */
    static final int HEAD = 4096;

    private final Pattern start;
    private final Pattern model;

    FileFormat(String start, String model) {
        this.start = Pattern.compile(start, Pattern.DOTALL);
        this.model = Pattern.compile(model);
    }

    static FileFormat of(byte[] content) {
        String head = head(content);
        for (FileFormat format : values()) {
            if (format.start.matcher(head).find()) {
                return format;
            }
        }
        return OTHER;
    }

    /** Whether the file also is a model, and not something else in this format. */
    boolean isModel(byte[] content) {
        return model.matcher(head(content)).find();
    }

    private static String head(byte[] content) {
        return new String(content, 0, Math.min(content.length, HEAD), ISO_8859_1);
    }
}
