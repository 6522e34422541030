package io.modelyard.tensor;

import java.util.List;

/**
 * The words that a column of numbers takes instead of numbers. A word is read as its place in the list, an unknown one as −1
 * where that is allowed; whoever asked for words then puts numbers in their place. Immutable.
 */
public final class Vocabulary {
    private static final int MOST_TOLD = 40;

    private final List<String> words;
    private final boolean open;
    private final NameTable table;

    /**
     * @param words distinct, at least one
     * @param open whether other words are read as −1 instead of being refused
     */
    public Vocabulary(List<String> words, boolean open) {
        this.words = List.copyOf(words);
        this.open = open;
        this.table = new NameTable(this.words);
    }

    public List<String> words() {
        return words;
    }

    public boolean isOpen() {
        return open;
    }

    NameTable table() {
        return table;
    }

    /** The words, as many as anyone reads. */
    String told() {
        return words.size() <= MOST_TOLD
                ? "'" + String.join("', '", words) + "'"
                : "'" + String.join("', '", words.subList(0, MOST_TOLD)) + "' and " + (words.size() - MOST_TOLD)
                        + " more";
    }
}
