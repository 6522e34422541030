package io.modelyard.tensor;

/** Text that is not JSON. */
public final class JsonSyntaxException extends RuntimeException {
    private final int offset;

    /** @param offset of the byte where it goes wrong, from the start of the text */
    public JsonSyntaxException(String message, int offset) {
        super(message, null, false, false);
        this.offset = offset;
    }

    /** A failure at {@code offset}, which says so where the text has ended there. */
    static JsonSyntaxException at(int offset, int end, String message) {
        return new JsonSyntaxException(offset < end ? message : "the text ends too early: " + message, offset);
    }

    public int offset() {
        return offset;
    }

    /** What is wrong, and where in {@code text}: line and column count from 1, columns in bytes. */
    public String describe(byte[] text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < offset && i < text.length; i++) {
            if (text[i] == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return getMessage() + " at line " + line + ", column " + column;
    }
}
